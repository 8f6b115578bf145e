// The npm package socket.io-client before framestep's server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, connect as tcp } from 'node:net';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { serve, sleep, within } from './kit.mjs';

let server;
let url;

before(async () => {
  server = await serve('socket-io');
  url = `http://${server.host}`;
});
after(() => server.stop());

const TRANSPORTS = { polling: ['polling'], websocket: ['websocket'], both: ['polling', 'websocket'] };

/** A client that is in its namespace. */
async function client(options = {}, namespace = '/', at = url) {
  const socket = io(at + namespace, { forceNew: true, ...options });
  await within(3000, 'connect', heard(socket, 'connect'));
  return socket;
}

const heard = (emitter, event) => new Promise((resolve) => {
  emitter.once(event, (...values) => resolve(values));
});

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  test(`over ${name}`, async (t) => {
    const socket = io(url, { forceNew: true, transports, auth: { token: 'abc' } });
    const auth = heard(socket, 'auth');
    await within(3000, 'connect', heard(socket, 'connect'));
    await t.test('says who it is', async () => {
      assert.deepEqual(await within(1000, 'auth', auth), [{ token: 'abc' }]);
    });
    await t.test('ends on the best transport', async () => {
      if (name === 'both' && socket.io.engine.transport.name === 'polling') {
        await within(2000, 'upgrade', heard(socket.io.engine, 'upgrade'));
      }
      assert.equal(socket.io.engine.transport.name, name === 'polling' ? 'polling' : 'websocket');
    });
    await t.test('gets its event back', async () => {
      const back = heard(socket, 'message-back');
      socket.emit('message', 1, 'zwei €', { three: [null, true] });
      assert.deepEqual(await within(1000, 'back', back), [1, 'zwei €', { three: [null, true] }]);
    });
    await t.test('gets its octets back', async () => {
      const back = heard(socket, 'message-back');
      const octets = [Buffer.from([1, 2, 3]), Buffer.alloc(100000, 7)];
      socket.emit('message', octets[0], { deep: [octets[1]] });
      assert.deepEqual(await within(2000, 'back', back), [octets[0], { deep: [octets[1]] }]);
    });
    await t.test('gets its acknowledgements', async () => {
      const all = Array.from({ length: 50 }, (_, i) => socket.timeout(3000)
        .emitWithAck('message-with-ack', i, Buffer.from([i])));
      const answers = await Promise.all(all);
      assert.deepEqual(answers.map((answer) => (Array.isArray(answer) ? answer[0] : answer)),
        Array.from({ length: 50 }, (_, i) => i));
    });
    await t.test('is pinged, and stays', async () => {
      await sleep(1200);
      assert.ok(socket.connected);
    });
    await t.test('keeps the order', async () => {
      const got = [];
      const done = new Promise((resolve) => {
        socket.on('message-back', (i) => got.push(i) === 200 && resolve());
      });
      for (let i = 0; i < 200; i += 1) socket.emit('message', i);
      await within(5000, '200 events', done);
      assert.deepEqual(got, Array.from({ length: 200 }, (_, i) => i));
    });
    socket.disconnect();
  });
}

test('what is sent during the upgrade comes once and in order', async () => {
  for (let round = 0; round < 5; round += 1) {
    const socket = await client();
    const got = [];
    const done = new Promise((resolve) => {
      socket.on('message-back', (i) => got.push(i) === 300 && resolve());
    });
    for (let i = 0; i < 300; i += 1) {
      socket.emit('message', i);
      if (i % 10 === 0) await sleep(1);
    }
    await within(5000, '300 events', done);
    assert.deepEqual(got, Array.from({ length: 300 }, (_, i) => i));
    socket.disconnect();
  }
});

test('two namespaces over one connection', async () => {
  const first = await client({ multiplex: true, forceNew: false });
  const second = await client({ multiplex: true, forceNew: false }, '/custom');
  assert.equal(first.io, second.io);
  const back = heard(second, 'message-back');
  second.emit('message', 'custom');
  assert.deepEqual(await within(1000, 'back', back), ['custom']);
  first.disconnect();
  const again = heard(second, 'message-back');
  second.emit('message', 'alone');
  assert.deepEqual(await within(1000, 'back', again), ['alone']);
  second.disconnect();
});

test('a namespace that does not exist', async () => {
  const socket = io(`${url}/nowhere`, { forceNew: true });
  const [error] = await within(2000, 'the error', heard(socket, 'connect_error'));
  assert.equal(error.message, 'Invalid namespace');
  socket.disconnect();
});

test('rooms, and everybody else', async () => {
  const [one, two, three] = await Promise.all([client(), client(), client()]);
  for (const socket of [one, two]) socket.emit('join', 'blue');
  await sleep(100);
  const rooms = [];
  for (const socket of [one, two, three]) socket.on('from-room', () => rooms.push(socket));
  three.emit('to-room', 'blue');
  await sleep(200);
  assert.deepEqual(new Set(rooms), new Set([one, two]));
  const others = [];
  for (const socket of [one, two, three]) socket.on('from-other', () => others.push(socket));
  one.emit('to-others', 'hi');
  await sleep(200);
  assert.deepEqual(new Set(others), new Set([two, three]));
  for (const socket of [one, two, three]) socket.disconnect();
});

test('the server may end it', async () => {
  const socket = await client();
  socket.emit('leave-me');
  const [reason] = await within(1000, 'disconnect', heard(socket, 'disconnect'));
  assert.equal(reason, 'io server disconnect');
  socket.disconnect();
});

/** A wire between client and server that can be cut. */
async function wire(to = server) {
  const ends = new Set();
  const proxy = createServer((near) => {
    const far = tcp(to.port, '127.0.0.1');
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => {});
      end.on('close', () => ends.delete(end));
    }
    near.pipe(far).pipe(near);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    cut: () => ends.forEach((end) => end.destroy()),
    close: () => proxy.close(),
  };
}

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  test(`a cut wire is taken up again, over ${name}`, async () => {
    const cable = await wire();
    const options = { transports, reconnectionDelay: 50, reconnectionDelayMax: 100 };
    const socket = await client(options, '/', cable.url);
    await sleep(150);
    const gone = heard(socket, 'disconnect');
    const again = heard(socket, 'connect');
    cable.cut();
    await within(2000, 'disconnect', gone);
    socket.emit('message', 'while away');
    const back = heard(socket, 'message-back');
    await within(4000, 'connect', again);
    assert.deepEqual(await within(1000, 'back', back), ['while away']);
    socket.disconnect();
    cable.close();
  });
}

test('what was missed is told after a cut', async () => {
  const remembers = await serve('socket-io', '--recovery');
  const cable = await wire(remembers);
  const options = { transports: ['websocket'], reconnectionDelay: 200 };
  const socket = await client(options, '/', cable.url);
  const other = await client({}, '/', `http://${remembers.host}`);
  const { id } = socket;
  // Something must have been said before, so that there is an offset.
  socket.emit('message', 'first');
  await within(1000, 'back', heard(socket, 'message-back'));
  const missed = heard(socket, 'from-other');
  const again = heard(socket, 'connect');
  cable.cut();
  await sleep(20);
  other.emit('to-others', 'missed');
  await within(3000, 'connect', again);
  assert.equal(socket.recovered, true);
  assert.equal(socket.id, id);
  // The last value of an event is its offset.
  assert.equal((await within(1000, 'what was missed', missed))[0], 'missed');
  socket.disconnect();
  other.disconnect();
  cable.close();
  await remembers.stop();
});
