// How a client of a Socket.IO server came: the request that began its session, and what is told of it.

const EventEmitter = require('events');
const { decoded } = require('internal/address');
const joined = require('internal/http-joined');
const lazy = require('internal/lazy');
const HttpSocket = () => require('internal/http-socket');
const IncomingMessage = () => require('internal/http-incoming');

/** What stands for the Engine.IO session. The transport is that of the request that began it. */
class Conn extends EventEmitter {
  protocol = 4;
  readyState = 'open';

  constructor({ address, query }, request) {
    super();
    lazy.property(this, 'request', request);
    this.remoteAddress = address;
    this.transport = { name: query.transport ?? 'polling' };
  }
}

/** The handshake and the client; `end` ends the session. */
module.exports = (auth, list, target, address, end) => {
  const { headers } = joined(list);
  const query = decoded(target.split('?')[1] ?? '');
  const now = new Date();
  const handshake = {
    headers,
    time: `${now}`,
    address,
    xdomain: Boolean(headers.origin),
    secure: false,
    issued: Number(now),
    url: target,
    query,
    auth: JSON.parse(auth ?? '{}'),
  };
  const request = () => {
    const connection = new (HttpSocket())(address, 0, end);
    const message = new (IncomingMessage())(connection, list, new Uint8Array(0));
    return Object.assign(message, { headers, method: 'GET', url: target, _query: query });
  };
  const client = { conn: new Conn(handshake, request) };
  lazy.property(client, 'request', () => client.conn.request);
  return { handshake, client };
};
