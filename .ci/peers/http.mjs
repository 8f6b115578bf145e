// HTTP/1.1 of Node.js against framestep: its clients before our server, our client before its server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { dial, serve, within } from './kit.mjs';

let server;
before(async () => {
  server = await serve('http');
});
after(() => server.stop());

const url = (path) => `http://${server.host}${path}`;

test('fetch gets what is there, and 404 for what is not', async () => {
  const found = await fetch(url('/'));
  assert.equal(found.status, 200);
  assert.equal(await found.text(), 'hello\n');
  for (const path of ['/missing', '/never-heard-of']) {
    assert.equal((await fetch(url(path))).status, 404);
  }
  const head = await fetch(url('/'), { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), '6');
  assert.equal(await head.text(), '');
});

test('a body comes back, counted or in chunks', async () => {
  for (const size of [0, 1, 65536, 1000000]) {
    const body = Buffer.alloc(size, 'abcdefg');
    const counted = await fetch(url('/echo'), { method: 'POST', body });
    assert.deepEqual(Buffer.from(await counted.arrayBuffer()), body);
    const parts = new Blob([body]).stream();
    const chunked = await fetch(url('/echo'), { method: 'POST', body: parts, duplex: 'half' });
    assert.deepEqual(Buffer.from(await chunked.arrayBuffer()), body);
  }
});

test('one connection carries many requests', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set();
  for (let i = 0; i < 20; i += 1) {
    const asked = request(url('/echo'), { agent, method: 'POST' });
    asked.end(`number ${i}`);
    const [response] = await once(asked, 'response');
    ports.add(response.socket.localPort);
    let body = '';
    for await (const part of response) body += part;
    assert.equal(body, `number ${i}`);
  }
  agent.destroy();
  assert.equal(ports.size, 1);
});

/** What the server says to octets, until it closes. */
async function raw(...parts) {
  const socket = connect(server.port, '127.0.0.1');
  let said = '';
  socket.on('data', (data) => { said += data; });
  for (const part of parts) socket.write(part);
  await within(3000, 'the end of the connection', once(socket, 'close'));
  return said;
}

test('requests behind each other are answered in order', async () => {
  const ask = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
  const said = await raw(ask('/') + ask('/missing') + ask('/', 'Connection: close\r\n'));
  const lines = said.match(/HTTP\/1\.1 \d+/g);
  assert.deepEqual(lines, ['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
});

const REFUSED = {
  'no Host': ['GET / HTTP/1.1\r\n\r\n', 400],
  'white space before the colon': ['GET / HTTP/1.1\r\nHost : x\r\n\r\n', 400],
  'two lengths': ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  'length and chunks': ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n'
    + 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  'fields without end': [`GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20000)}\r\n\r\n`, 431],
  'no HTTP at all': ['\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
};
for (const [what, [octets, status]] of Object.entries(REFUSED)) {
  test(`${what} is refused with ${status}`, async () => {
    assert.match(await raw(octets), new RegExp(`^HTTP/1\\.1 ${status} `));
  });
}

test('our client before a server of Node.js', async () => {
  const seen = [];
  const node = createServer((asked, response) => {
    seen.push([asked.method, asked.url, asked.headers.host]);
    response.write('in ');
    response.end('chunks');
  });
  node.listen(0, '127.0.0.1');
  await once(node, 'listening');
  const host = `127.0.0.1:${node.address().port}`;
  const { code, told } = await dial(`http://${host}/path?query`, '--get');
  node.close();
  assert.equal(code, 0);
  assert.deepEqual(told, ['on response 200 OK, 9 octets']);
  assert.deepEqual(seen, [['GET', '/path?query', host]]);
});
