// framestep's client before a server of the npm package socket.io.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Server } from 'socket.io';
import { dial as dialled } from './kit.mjs';

let http;
let io;
let url;
let seen;

before(async () => {
  http = createServer();
  io = new Server(http, { pingInterval: 300, pingTimeout: 200, connectionStateRecovery: {} });
  const answers = (socket) => {
    seen.push(['connect', socket.nsp.name, socket.handshake.auth]);
    socket.on('message', (...values) => {
      seen.push(['message', ...values]);
      socket.emit('message-back', ...values);
    });
    socket.on('message-with-ack', (...values) => {
      seen.push(['ack', ...values.slice(0, -1)]);
      values.at(-1)(...values.slice(0, -1));
    });
    socket.on('cut', () => socket.conn.transport.close());
    socket.on('disconnect', (reason) => {
      seen.push(['disconnect', reason, socket.conn.transport.name]);
    });
  };
  io.on('connection', answers);
  io.of('/custom').on('connection', answers);
  io.of('/closed').use((socket, next) => next(new Error('not for you')));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `http://127.0.0.1:${http.address().port}`;
});
after(() => io.close());

/** What the client was told, without the offsets behind the values of events. */
async function dial(...options) {
  const { code, told } = await dialled(...options);
  return { code, told: told.map((words) => words.replace(/,? "[^" ]{7}"$/, '')) };
}

const connect = 'socket.on("connect")';
const left = 'socket.on("disconnect")';

for (const transport of ['polling', 'websocket', 'both']) {
  test(`over ${transport}`, async () => {
    seen = [];
    const { code, told } = await dial(url, `--transport=${transport}`, '--auth={"token":"123"}',
      '--emit', 'message ["hi",{"a":[1,null]}]', '--emit', 'message []', '--pace=200');
    assert.equal(code, 0);
    assert.equal(told[0], connect);
    assert.ok(told.includes('socket.on("message-back") "hi", {"a":[1,null]}'), told.join('\n'));
    assert.ok(told.includes('socket.on("message-back")'), told.join('\n'));
    assert.deepEqual(seen.slice(0, 3), [['connect', '/', { token: '123' }],
      ['message', 'hi', { a: [1, null] }], ['message']]);
    const [what, reason, last] = seen.at(-1);
    assert.equal(what, 'disconnect');
    assert.equal(reason, 'client namespace disconnect');
    assert.equal(last, transport === 'polling' ? 'polling' : 'websocket');
  });

  test(`octets and acknowledgements over ${transport}`, async () => {
    seen = [];
    const { code, told } = await dial(url, `--transport=${transport}`, '--ack', '--octets=1000',
      '--emit', 'message-with-ack ["one"]', '--emit', 'message-with-ack ["two"]', '--pace=150');
    assert.equal(code, 0);
    const octets = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
    assert.deepEqual(seen.filter(([what]) => what === 'ack'),
      [['ack', 'one', octets], ['ack', 'two', octets]]);
    assert.equal(told.filter((words) => words.startsWith('callback(')).length, 2);
  });
}

test('another namespace', async () => {
  seen = [];
  const { code, told } = await dial(`${url}/custom`, '--emit', 'message [1]', '--pace=200');
  assert.equal(code, 0);
  assert.ok(told.includes('socket.on("message-back") 1'), told.join('\n'));
  assert.equal(seen[0][1], '/custom');
});

test('a namespace that refuses', async () => {
  seen = [];
  const { code, told } = await dial(`${url}/closed`, '--timeout=700');
  assert.equal(code, 1);
  assert.deepEqual(told, ['socket.on("connect_error") not for you']);
});

test('pings are answered', async () => {
  seen = [];
  const { code, told } = await dial(url, '--emit', 'message [1]', '--pace=1200');
  assert.equal(code, 0);
  assert.equal(told.filter((words) => words === connect).length, 1);
  assert.equal(told.filter((words) => words.startsWith(left)).length, 1, told.join('\n'));
});

test('a cut connection is taken up again', async () => {
  seen = [];
  const { code, told } = await dial(url, '--emit', 'message ["before"]', '--emit', 'cut',
    '--emit', 'message ["after"]', '--pace=400');
  assert.equal(code, 0);
  assert.ok(told.some((words) => words.startsWith('socket.io.on("reconnect_attempt")')),
    told.join('\n'));
  assert.ok(told.includes(`${connect}, recovered`), told.join('\n'));
  assert.ok(told.includes('socket.on("message-back") "after"'), told.join('\n'));
});
