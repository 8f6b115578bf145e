// The npm package ws against framestep: its client before our server, our client before its server.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { Socket, dial, serve } from './kit.mjs';

const SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1 << 20];
const DEFLATE = { on: { threshold: 0 }, off: false };

for (const [deflate, perMessageDeflate] of Object.entries(DEFLATE)) {
  test(`a client of ws, compression ${deflate}`, async (t) => {
    const server = await serve('websocket-echo', `--deflate=${deflate}`);
    const open = async () => {
      const socket = new Socket(`ws://${server.host}/any?path`, { perMessageDeflate });
      await socket.opened;
      return socket;
    };
    await t.test('agrees on the extension', async () => {
      const socket = await open();
      const expected = deflate === 'on' ? 'permessage-deflate' : '';
      assert.equal(socket.ws.extensions, expected);
      socket.end();
    });
    await t.test('gets every message back', async () => {
      const socket = await open();
      for (const size of SIZES) {
        const octets = randomBytes(size);
        socket.send(octets);
        assert.deepEqual(await socket.next(5000), octets);
        const text = 'é'.repeat(size / 2);
        socket.send(text);
        assert.equal(await socket.next(5000), text);
      }
      socket.ws.close(1000);
      assert.equal(await socket.closed(), 1000);
    });
    await t.test('gets many messages back in order', async () => {
      const socket = await open();
      for (let i = 0; i < 2000; i += 1) socket.send(`number ${i}`);
      for (let i = 0; i < 2000; i += 1) assert.equal(await socket.next(5000), `number ${i}`);
      socket.end();
    });
    await t.test('gets a message in parts back', async () => {
      const socket = await open();
      socket.ws.send('a', { fin: false });
      socket.ws.send('b', { fin: false });
      socket.ws.send('c', { fin: true });
      assert.equal(await socket.next(), 'abc');
      socket.end();
    });
    await t.test('gets its pong', async () => {
      const socket = await open();
      const pong = once(socket.ws, 'pong');
      socket.ws.ping('are you there');
      assert.equal((await pong)[0].toString(), 'are you there');
      socket.end();
    });
    await t.test('gets its code back', async () => {
      for (const code of [1000, 1001, 3000, 4999]) {
        const socket = await open();
        socket.ws.close(code, 'bye');
        assert.equal(await socket.closed(), code);
      }
    });
    await server.stop();
  });

  test(`a server of ws, compression ${deflate}`, async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate });
    await once(server, 'listening');
    const codes = [];
    server.on('connection', (socket) => {
      socket.on('message', (data, binary) => socket.send(data, { binary }));
      socket.on('close', (code) => codes.push([code, socket.extensions]));
    });
    const url = `ws://127.0.0.1:${server.address().port}/`;
    const sizes = SIZES.flatMap((size) => ['--send-octets', String(size)]);
    const { code, told } = await dial(url, `--deflate=${deflate}`, '--pace=20',
      '--send', 'hello', '--send', 'grüß dich', ...sizes);
    server.close();
    assert.equal(code, 0);
    assert.deepEqual(told, ['on open', 'on message "hello"', 'on message "grüß dich"',
      ...SIZES.map((size) => `on message ${size} octets`), 'on close 1000']);
    assert.deepEqual(codes, [[1000, deflate === 'on' ? 'permessage-deflate' : '']]);
  });
}

test('a server of ws that closes first', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.close(4321, 'go away'));
  const { code, told } = await dial(`ws://127.0.0.1:${server.address().port}/`);
  server.close();
  assert.equal(code, 0);
  assert.deepEqual(told, ['on open', 'on close 4321 "go away"']);
});

test('nobody listens', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  assert.equal((await dial(`ws://127.0.0.1:${port}/`)).code, 1);
});
