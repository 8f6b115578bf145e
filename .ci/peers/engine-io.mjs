// Engine.IO, protocol 4, as a client sees it on the wire: what a server must do, case by case.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Socket, serve, sleep, within } from './kit.mjs';

const SEPARATOR = '\x1e';
let server;
let base;

before(async () => {
  server = await serve('engine-io');
  base = `http://${server.host}/engine.io/`;
});
after(() => server.stop());

const polling = (sid) => `${base}?EIO=4&transport=polling${sid ? `&sid=${sid}` : ''}`;
const get = (sid) => fetch(polling(sid));
const post = (sid, body) => fetch(polling(sid), { method: 'POST', body });
const socket = (query) => new Socket(`${base.replace('http', 'ws')}?${query}`);

async function session() {
  const text = await (await get()).text();
  return JSON.parse(text.slice(1)).sid;
}

async function webSocket() {
  const opened = socket('EIO=4&transport=websocket');
  const sid = JSON.parse((await opened.next()).slice(1)).sid;
  return { opened, sid };
}

async function refusal(response, code, message) {
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { code, message });
}

async function isGone(sid) {
  assert.equal((await get(sid)).status, 400);
}

test('1: a first GET opens a session', async () => {
  const response = await get();
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/plain; charset=utf-8$/i);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const text = await response.text();
  assert.equal(text[0], '0');
  const { sid, ...rest } = JSON.parse(text.slice(1));
  assert.equal(typeof sid, 'string');
  assert.deepEqual(rest, {
    upgrades: ['websocket'], pingInterval: 300, pingTimeout: 200, maxPayload: 1000000,
  });
  const others = await Promise.all(Array.from({ length: 20 }, session));
  assert.equal(new Set([sid, ...others]).size, 21);
});

test('2: another protocol version is refused', async () => {
  for (const version of ['', 'EIO=abc&', 'EIO=3&', 'EIO=5&']) {
    const response = await fetch(`${base}?${version}transport=polling`);
    await refusal(response, 5, 'Unsupported protocol version');
  }
});

test('3: an unknown transport is refused', async () => {
  for (const transport of ['', '&transport=abc', '&transport=constructor']) {
    await refusal(await fetch(`${base}?EIO=4${transport}`), 0, 'Transport unknown');
  }
});

test('4: an unknown session is refused', async () => {
  await refusal(await get('unknown'), 1, 'Session ID unknown');
  await refusal(await post('unknown', '4hello'), 1, 'Session ID unknown');
});

test('5: no session begins but with GET', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    await refusal(await fetch(polling(), { method }), 2, 'Bad handshake method');
  }
});

test('6: a session on a WebSocket is not polled', async () => {
  const { opened, sid } = await webSocket();
  await refusal(await get(sid), 3, 'Bad request');
  opened.end();
});

test('7 and 20: packets in a body are taken, and every message comes back', async () => {
  const sid = await session();
  const response = await post(sid, ['4one', '4zwei €', 'bAQIDBA=='].join(SEPARATOR));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/html/);
  assert.equal(await response.text(), 'ok');
  const answer = await get(sid);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), ['4one', '4zwei €', 'bAQIDBA=='].join(SEPARATOR));
});

test('8: a GET waits until there is something to say', async () => {
  const sid = await session();
  const waiting = get(sid);
  await sleep(60);
  await post(sid, '4late');
  assert.equal(await (await waiting).text(), '4late');
});

test('8: a GET that is given up ends the session', async () => {
  const sid = await session();
  const giveUp = new AbortController();
  const waiting = fetch(polling(sid), { signal: giveUp.signal }).catch(() => {});
  await sleep(30);
  giveUp.abort();
  await waiting;
  await sleep(30);
  await isGone(sid);
});

test('9: two GETs at once end the session', async () => {
  const sid = await session();
  const first = get(sid);
  await sleep(30);
  const second = await get(sid);
  assert.equal(second.status, 400);
  assert.equal(await (await first).text(), '1');
  await isGone(sid);
});

test('10: a packet of an unknown type ends the session', async () => {
  for (const body of ['abc', '9', '4ok\x1ez', '']) {
    const sid = await session();
    await post(sid, body);
    await isGone(sid);
  }
  const { opened } = await webSocket();
  opened.send('abc');
  await opened.closed(250);
});

test('11: pings keep a session', async () => {
  const sid = await session();
  const { opened } = await webSocket();
  for (let round = 0; round < 3; round += 1) {
    const begin = Date.now();
    assert.equal(await (await get(sid)).text(), '2');
    assert.equal(await opened.next(), '2');
    assert.ok(Date.now() - begin < 450);
    assert.equal(await (await post(sid, '3')).text(), 'ok');
    opened.send('3');
  }
  opened.end();
});

test('11: a client that does not answer is given up', async () => {
  const sid = await session();
  const begin = Date.now();
  const { opened } = await webSocket();
  await opened.closed(900);
  const took = Date.now() - begin;
  assert.ok(took > 400 && took < 800, `${took} ms`);
  await sleep(100);
  await isGone(sid);
});

test('12: a close packet ends a session that is polled', async () => {
  const sid = await session();
  const waiting = get(sid);
  await sleep(30);
  assert.equal((await post(sid, '1')).status, 200);
  assert.equal(await (await waiting).text(), '6');
  await isGone(sid);
});

test('13: a close packet ends a session on a WebSocket', async () => {
  const { opened } = await webSocket();
  opened.send('1');
  await opened.closed(600);
});

test('14 and 20: a session may begin with a WebSocket', async () => {
  const opened = socket('EIO=4&transport=websocket');
  const first = await opened.next();
  assert.equal(first[0], '0');
  const { sid, ...rest } = JSON.parse(first.slice(1));
  assert.equal(typeof sid, 'string');
  assert.deepEqual(rest, {
    upgrades: [], pingInterval: 300, pingTimeout: 200, maxPayload: 1000000,
  });
  opened.send('4hello €');
  assert.equal(await opened.said(), '4hello €');
  opened.send(Buffer.from([1, 2, 3, 4]));
  assert.deepEqual(await opened.said(), Buffer.from([1, 2, 3, 4]));
  opened.end();
});

test('15: a WebSocket with a wrong query is refused', async () => {
  const wrong = ['transport=websocket', 'EIO=abc&transport=websocket', 'EIO=4',
    'EIO=4&transport=abc', 'EIO=4&transport=websocket&sid=unknown'];
  for (const query of wrong) {
    assert.equal(await within(1000, query, socket(query).refused), 400);
  }
});

async function upgraded() {
  const sid = await session();
  const opened = socket(`EIO=4&transport=websocket&sid=${sid}`);
  await opened.opened;
  opened.send('2probe');
  assert.equal(await opened.next(), '3probe');
  opened.send('5');
  return { sid, opened };
}

test('16: a session moves to a WebSocket', async () => {
  const sid = await session();
  await post(sid, '4before');
  const opened = socket(`EIO=4&transport=websocket&sid=${sid}`);
  await opened.opened;
  opened.send('2probe');
  assert.equal(await opened.next(), '3probe');
  // What waited and the noop that lets the GET go come in one body or in two.
  let heard = await (await get(sid)).text();
  if (!heard.split(SEPARATOR).includes('6')) {
    heard += SEPARATOR + (await (await get(sid)).text());
  }
  assert.deepEqual(heard.split(SEPARATOR).filter((packet) => packet !== '2'), ['4before', '6']);
  opened.send('5');
  opened.send('4after');
  assert.equal(await opened.said(), '4after');
  opened.end();
});

test('16: the GET that waits is let go by a probe', async () => {
  const sid = await session();
  const waiting = get(sid);
  await sleep(30);
  const opened = socket(`EIO=4&transport=websocket&sid=${sid}`);
  await opened.opened;
  opened.send('2probe');
  assert.equal(await opened.next(), '3probe');
  assert.equal(await (await waiting).text(), '6');
  opened.end();
});

test('17: a session that has moved is polled no more', async () => {
  const { sid, opened } = await upgraded();
  await sleep(30);
  assert.equal((await get(sid)).status, 400);
  assert.equal((await post(sid, '4x')).status, 400);
  const second = socket(`EIO=4&transport=websocket&sid=${sid}`);
  await Promise.race([second.closed(1000), second.refused]);
  opened.send('4still here');
  assert.equal(await opened.said(), '4still here');
  opened.end();
});

test('18: a body over the limit is refused with 413', async () => {
  const sid = await session();
  const response = await post(sid, '4'.repeat(1000001)).catch((error) => error);
  assert.equal(response.status, 413);
});

test('19: pages of other origins may read the answers', async () => {
  const headers = { Origin: 'http://page.example' };
  const response = await fetch(polling(), { headers });
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  const asked = await fetch(polling(), {
    method: 'OPTIONS',
    headers: { ...headers, 'Access-Control-Request-Headers': 'x-one,x-two' },
  });
  assert.equal(asked.status, 204);
  assert.match(asked.headers.get('access-control-allow-methods'), /GET.*POST/);
  assert.equal(asked.headers.get('access-control-allow-headers'), 'x-one,x-two');
});
