// Peers that mean no good: whatever comes, framestep's servers go on serving the others.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Socket, serve, sleep } from './kit.mjs';

/** Octets that look random and are the same in every run. */
function* octets(seed) {
  for (let block = 0; ; block += 1) yield* createHash('sha256').update(`${seed} ${block}`).digest();
}

function noise(seed, size) {
  const source = octets(seed);
  return Buffer.from(Array.from({ length: size }, () => source.next().value));
}

const upgrade = (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n`
  + 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
  + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Says something over a connection of its own, and leaves rudely. */
async function meet(port, seed, ...parts) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  // Half of them never read what they are told.
  if (seed % 2) socket.resume();
  for (const part of parts) {
    socket.write(part);
    await sleep(seed % 3);
  }
  if (seed % 5 === 0) socket.end();
  else socket.resetAndDestroy();
}

const PATHS = {
  http: '/echo',
  'websocket-echo': '/any',
  'engine-io': '/engine.io/?EIO=4&transport=websocket',
  'socket-io': '/socket.io/?EIO=4&transport=websocket',
};

for (const [what, path] of Object.entries(PATHS)) {
  test(`${what} goes on`, async () => {
    const server = await serve(what);
    for (let seed = 0; seed < 150; seed += 1) {
      const junk = noise(seed, (seed * 37) % 3000);
      await Promise.all([
        meet(server.port, seed, junk),
        meet(server.port, seed, `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n`, junk),
        meet(server.port, seed, 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', junk),
        meet(server.port, seed, upgrade(path), junk),
        // A masked frame of text, so that the layers above are met too.
        meet(server.port, seed, upgrade(path), Buffer.concat([
          Buffer.from([0x81, 0x80 | 5, 0, 0, 0, 0]), Buffer.from('4'), noise(seed, 4)]), junk),
      ]);
    }
    if (what === 'http') {
      assert.equal((await fetch(`http://${server.host}/`)).status, 200);
    } else {
      const socket = new Socket(`ws://${server.host}${path}`);
      await socket.opened;
      if (what === 'websocket-echo') {
        socket.send('still there?');
        assert.equal(await socket.next(), 'still there?');
      } else {
        assert.equal((await socket.next())[0], '0');
      }
      socket.end();
    }
    await server.stop();
  });
}
