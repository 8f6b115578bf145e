// Socket.IO, protocol 5, as a client sees it on the wire: what a server must do, case by case.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Socket, serve, sleep } from './kit.mjs';

const SEPARATOR = '\x1e';
let server;
let base;

before(async () => {
  server = await serve('socket-io');
  base = `http://${server.host}/socket.io/?EIO=4&transport=`;
});
after(() => server.stop());

/** A WebSocket session; Engine.IO's open packet is read, and its pings are answered. */
async function session() {
  const socket = new Socket(`${base.replace('http', 'ws')}websocket`);
  socket.ws.on('message', (data, isBinary) => {
    if (!isBinary && data.toString() === '2' && socket.isOpen) socket.send('3');
  });
  socket.engineId = JSON.parse((await socket.next()).slice(1)).sid;
  return socket;
}

/** A session in the namespace `/`. */
async function connected() {
  const socket = await session();
  socket.send('40');
  assert.match(await socket.said(), /^40\{/);
  assert.equal(await socket.said(), '42["auth",{}]');
  return socket;
}

async function exchange(socket, sent, expected) {
  for (const message of sent) socket.send(message);
  for (const message of expected) assert.deepEqual(await socket.said(), message);
}

async function closes(...sent) {
  const socket = await connected();
  for (const message of sent) socket.send(message);
  await socket.closed(250).catch((error) => assert.fail(`${sent}: ${error.message}`));
}

for (const [sent, auth] of [['40', '{}'], ['40{"token":"123"}', '{"token":"123"}']]) {
  test(`1: ${sent} is let in`, async () => {
    const socket = await session();
    socket.send(sent);
    const answer = JSON.parse((await socket.said()).slice(2));
    assert.equal(typeof answer.sid, 'string');
    assert.notEqual(answer.sid, socket.engineId);
    assert.equal(await socket.said(), `42["auth",${auth}]`);
    socket.end();
  });
}

const customs = [['40/custom,', '{}'], ['40/custom', '{}'],
  ['40/custom,{"token":"abc"}', '{"token":"abc"}']];
for (const [sent, auth] of customs) {
  test(`2: ${sent} is let in`, async () => {
    const socket = await session();
    socket.send(sent);
    assert.match(await socket.said(), /^40\/custom,\{"sid":"[^"]+"/);
    assert.equal(await socket.said(), `42/custom,["auth",${auth}]`);
    socket.end();
  });
}

test('3: a namespace that does not exist is refused', async () => {
  const socket = await session();
  await exchange(socket, ['40/random'], ['44/random,{"message":"Invalid namespace"}']);
  socket.send('40');
  assert.match(await socket.said(), /^40\{/);
  socket.end();
});

test('4: who joins nothing is sent away', async () => {
  const socket = await session();
  const begin = Date.now();
  await socket.closed(1600);
  assert.ok(Date.now() - begin > 800);
});

for (const first of ['4abc', '42["message"]', '42/custom,["message"]']) {
  test(`5: ${first} before all else ends it`, async () => {
    const socket = await session();
    socket.send(first);
    await socket.closed(250);
  });
}

test('6: who leaves the last namespace stays connected', async () => {
  const socket = await connected();
  socket.send('41');
  assert.equal(await socket.next(), '2');
  assert.equal(await socket.next(), '2');
  socket.end();
});

test('7: a namespace is left alone', async () => {
  const socket = await connected();
  socket.send('40/custom');
  assert.match(await socket.said(), /^40\/custom,/);
  assert.match(await socket.said(), /^42\/custom,\["auth"/);
  socket.send('41/custom');
  await exchange(socket, ['42["message",1]'], ['42["message-back",1]']);
  socket.end();
});

const events = [
  ['42["message","message to echo"]', '42["message-back","message to echo"]'],
  ['42["message",1,"2",{"3":[true,null]}]', '42["message-back",1,"2",{"3":[true,null]}]'],
  ['42["message"]', '42["message-back"]'],
  ['42["message","€ 𝄞 \\u0000"]', '42["message-back","€ 𝄞 \\u0000"]'],
];
for (const [sent, expected] of events) {
  test(`8: ${sent}`, async () => {
    const socket = await connected();
    await exchange(socket, [sent], [expected]);
    socket.end();
  });
}

for (const id of ['456', '0', '9007199254740991']) {
  test(`9: the acknowledgement ${id}`, async () => {
    const socket = await connected();
    await exchange(socket, [`42${id}["message-with-ack",1,"2",{"3":[true]}]`],
      [`43${id}[1,"2",{"3":[true]}]`]);
    socket.end();
  });
}

const HOLES = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
const OCTETS = [Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])];

test('10: an event with octets', async () => {
  const socket = await connected();
  await exchange(socket, [`452-["message",${HOLES}]`, ...OCTETS],
    [`452-["message-back",${HOLES}]`, ...OCTETS]);
  socket.end();
});

test('11: an acknowledgement with octets', async () => {
  const socket = await connected();
  await exchange(socket, [`452-789["message-with-ack",${HOLES}]`, ...OCTETS],
    [`462-789[${HOLES}]`, ...OCTETS]);
  socket.end();
});

const malformed = ['4abc', '47', '42{}', '42abc', '42[]', '42[{}]', '42["connect"]',
  '42["disconnect"]', '42["connect_error"]', '42abc["message"]', '4' + '2'.repeat(40) + '["message"]',
  '45["message"]', '45x-["message",{"_placeholder":true,"num":0}]', '42["message"'];
for (const packet of malformed) {
  test(`12: ${packet} ends it`, () => closes(packet));
}
test('12: octets that nobody announced end it', () => closes(Buffer.from([1])));
test('12: a text where octets are due ends it', () =>
  closes('451-["message",{"_placeholder":true,"num":0}]', '42["message"]'));

test('13: the same over polling', async () => {
  const sid = JSON.parse((await (await fetch(`${base}polling`)).text()).slice(1)).sid;
  const url = `${base}polling&sid=${sid}`;
  const said = [];
  const hear = async (n) => {
    while (said.length < n) {
      const packets = (await (await fetch(url)).text()).split(SEPARATOR);
      said.push(...packets.filter((packet) => packet !== '2'));
    }
    return said.splice(0, n);
  };
  const say = (body) => fetch(url, { method: 'POST', body });
  await say('40');
  const [first, second] = await hear(2);
  assert.match(first, /^40\{/);
  assert.equal(second, '42["auth",{}]');
  await say(`452-["message",${HOLES}]${SEPARATOR}bAQID`);
  await sleep(20);
  await say('bBAUG');
  assert.deepEqual(await hear(3), [`452-["message-back",${HOLES}]`, 'bAQID', 'bBAUG']);
  await say('421["message-with-ack","x"]');
  assert.deepEqual(await hear(1), ['431["x"]']);
});
