// The WebSocket of the package ws, either end's.

const EventEmitter = require('events');
const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const Backlog = require('internal/backlog');
const target = require('internal/emitter-target');
const addresses = () => require('internal/address');
const buffer = () => require('buffer');
const errors = () => require('internal/net-errors');
const fault = () => require('internal/ws-faults');
const HttpSocket = () => require('internal/http-socket');
const IncomingMessage = () => require('internal/http-incoming');
const utf8 = () => require('internal/utf8');

const STATES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'];
const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];
const EMPTY = new Uint8Array(0);
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;

function octetsOf(data) {
  const { Buffer } = buffer();
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data);
}

/** How many octets it is as a message, or as a part of one. */
const lengthOf = (data) => (
  typeof data === 'string' ? utf8().lengthOf(data) : octetsOf(data).length
);

const isValidCode = (code) => (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code))
  || (code >= 3000 && code <= 4999);

function targetOf(address) {
  let url;
  try {
    url = addresses().parse(address);
  } catch {
    throw new SyntaxError(`Invalid URL: ${address}`);
  }
  if (/^https?:$/.test(url.protocol)) url = addresses().parse(url.href.replace(/^http/, 'ws'));
  if (url.protocol === 'wss:') throw new SyntaxError('there is no TLS here: use ws:');
  if (url.protocol !== 'ws:') {
    throw new SyntaxError('The URL\'s protocol must be one of "ws:", "wss:", '
      + '"http:", "https:", or "ws+unix:"');
  }
  if (url.hash) throw new SyntaxError('The URL contains a fragment identifier');
  return url;
}

function checked(protocols) {
  const known = new Set();
  for (const protocol of protocols) {
    if (typeof protocol !== 'string' || !TOKEN.test(protocol) || known.has(protocol)) {
      throw new SyntaxError('An invalid or duplicated subprotocol was specified');
    }
    known.add(protocol);
  }
  return [...known];
}

class WebSocket extends EventEmitter {
  #id = null;
  #state = CONNECTING;
  #backlog = new Backlog();
  #unsent = 0;
  #protocol = '';
  #compressed = false;
  #binaryType = 'nodebuffer';
  #isClean = false;
  #url;
  #at = {};

  /** Without an address it is a server's, which opens it by `_accepted`. */
  constructor(address, protocols, options) {
    super();
    if (address === null) return;
    const list = protocols !== null && typeof protocols === 'object' && !Array.isArray(protocols)
      ? [] : [protocols ?? []].flat();
    const set = (Array.isArray(protocols) || typeof protocols !== 'object' ? options : protocols)
      ?? {};
    const url = targetOf(address);
    this.#url = url.href;
    this.#open(url, checked(list), set, [address, ...(list.length > 0 ? [protocols] : [])]);
  }

  [symbols.words](event, args) {
    if (event !== 'message') return words.on('ws', event, args);
    const [data, isBinary] = args;
    const octets = `<${data.byteLength ?? data[0]?.byteLength} octets>`;
    return `ws.on("message") ${isBinary ? octets : words.value(data)}`;
  }

  #open(url, protocols, options, args) {
    const name = url.hostname;
    const port = url.port === '' ? 80 : Number(url.port);
    const address = host.resolve(name);
    if (address === null) {
      core.nextTick(() => {
        this.#state = CLOSING;
        this.emit('error', errors().notFound(name));
        this.#over(1006, '');
      });
      return;
    }
    this.#at = { address, port };
    this.#id = host.id();
    handles.add(this.#id, this.#news());
    const headers = Object.entries(options.headers ?? {}).flatMap(([key, value]) => (
      [value].flat().flatMap((one) => [key, String(one)])
    ));
    if (url.username || url.password) {
      const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      headers.push('Authorization', `Basic ${buffer().Buffer.from(pair).toString('base64')}`);
    }
    const deflate = options.perMessageDeflate ?? true;
    const facts = { origin: options.origin ?? null, perMessageDeflate: Boolean(deflate), headers };
    host.call(
      'ws.connect', words.call('new WebSocket', ...args), this.#id, address, port, url.host,
      `${url.pathname || '/'}${url.search}`, protocols, JSON.stringify(facts),
    );
    if (options.handshakeTimeout) {
      const late = () => this.#abort('Opening handshake has timed out');
      core.setTimeout(() => this.#state === CONNECTING && late(), options.handshakeTimeout);
    }
  }

  /** A server's, on a connection that the host has made a WebSocket. */
  _accepted(id, protocol, at) {
    Object.assign(this, { _socket: at });
    this.#id = id;
    this.#state = OPEN;
    this.#protocol = protocol ?? '';
    this.#at = { address: at.remoteAddress, port: at.remotePort };
    handles.add(id, this.#news());
  }

  #news() {
    return {
      'ws.open': (protocol, compressed) => {
        this.#compressed = compressed;
        if (this.#state !== CONNECTING) return;
        this.#protocol = protocol ?? '';
        this.#state = OPEN;
        const { address, port } = this.#at;
        this._socket = new (HttpSocket())(address, port, () => this.terminate());
        this.emit('open');
      },
      'ws.message': (data) => this.#message(data),
      'ws.ping': (octets) => this.emit('ping', octetsOf(octets)),
      'ws.pong': (octets) => this.emit('pong', octetsOf(octets)),
      'ws.closing': () => {
        this.#state = CLOSING;
      },
      'ws.failed': (message, status) => this.#failed(message, status),
      'ws.closed': (code, reason, clean) => {
        this.#isClean = clean;
        this.#over(code, reason);
      },
      drained: (waiting) => this.#backlog.drained(waiting),
    };
  }

  #message(data) {
    if (typeof data === 'string') {
      this.emit('message', octetsOf(data), false);
      return;
    }
    const octets = octetsOf(data);
    const forms = {
      nodebuffer: () => octets,
      arraybuffer: () => octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length),
      fragments: () => [octets],
    };
    this.emit('message', forms[this.#binaryType](), true);
  }

  #failed(message, status) {
    if (status && this.listenerCount('unexpected-response') > 0) {
      const { address, port } = this.#at;
      const socket = new (HttpSocket())(address, port, () => {});
      const response = new (IncomingMessage())(socket, [], EMPTY);
      response.statusCode = status;
      const give = () => this.terminate();
      this.emit('unexpected-response', { abort: give, destroy: give }, response);
      return;
    }
    this.#state = CLOSING;
    const { address, port } = this.#at;
    this.emit('error', fault()(message, status, address, port));
  }

  #over(code, reason) {
    if (this.#state === CLOSED) return;
    this.#state = CLOSED;
    if (this.#id !== null) handles.remove(this.#id);
    this.emit('close', code, octetsOf(reason));
  }

  /** Gives up before it is open. */
  #abort(message) {
    this.#state = CLOSING;
    if (this.#id !== null) {
      host.call('ws.terminate', 'ws.terminate()', this.#id);
      handles.remove(this.#id);
    }
    const error = new Error(message);
    core.nextTick(() => {
      this.emit('error', error);
      this.#over(1006, '');
    });
  }

  /** Whether the call may go to the host; if not, counts it and tells the callback. */
  #isFit(data, callback) {
    if (this.#state === CONNECTING) {
      throw new Error('WebSocket is not open: readyState 0 (CONNECTING)');
    }
    if (this.#state === OPEN) return true;
    if (data) this.#unsent += lengthOf(data);
    const state = `${this.#state} (${STATES[this.#state]})`;
    const error = new Error(`WebSocket is not open: readyState ${state}`);
    if (callback) core.nextTick(() => core.invoke('send callback', callback, this, error));
    return false;
  }

  #sent(octets, callback) {
    const tell = () => core.invoke('send callback', callback, this, null);
    const done = callback && (() => core.nextTick(tell));
    this.#backlog.sent(octets, done);
  }

  send(data, options, callback) {
    const done = typeof options === 'function' ? options : callback;
    const given = typeof data === 'number' ? data.toString() : data;
    if (!this.#isFit(given, done)) return;
    const set = typeof options === 'object' && options !== null ? options : {};
    if (set.fin === false) throw new Error('messages in fragments cannot be sent here');
    const said = words.call('ws.send', data);
    const value = given ?? EMPTY;
    const isBinary = set.binary ?? typeof value !== 'string';
    const text = () => (typeof value === 'string' ? value : octetsOf(value).toString());
    host.call('ws.send', said, this.#id, isBinary ? octetsOf(value) : text());
    this.#sent(lengthOf(value), done);
  }

  ping(data, mask, callback) {
    this.#control('ping', data, mask, callback);
  }

  pong(data, mask, callback) {
    this.#control('pong', data, mask, callback);
  }

  #control(kind, data, mask, callback) {
    const done = [data, mask, callback].find((it) => typeof it === 'function');
    const given = typeof data === 'function' ? undefined : data;
    const value = typeof given === 'number' ? given.toString() : given;
    if (!this.#isFit(value, done)) return;
    const octets = octetsOf(value || EMPTY);
    if (octets.length > 125) {
      throw new RangeError('The data size must not be greater than 125 bytes');
    }
    host.call(`ws.${kind}`, words.call(`ws.${kind}`, given), this.#id, octets);
    this.#sent(octets.length, done);
  }

  close(code, data) {
    if (this.#state === CONNECTING) {
      this.#abort('WebSocket was closed before the connection was established');
      return;
    }
    if (this.#state !== OPEN) return;
    if (code !== undefined && (typeof code !== 'number' || !isValidCode(code))) {
      throw new TypeError('First argument must be a valid error code number');
    }
    if (data && lengthOf(data) > 123) {
      throw new RangeError('The message must not be greater than 123 bytes');
    }
    this.#state = CLOSING;
    const said = words.call('ws.close', code, data);
    const reason = data && code !== undefined ? octetsOf(data).toString() : '';
    host.call('ws.close', said, this.#id, code, reason);
  }

  terminate() {
    if (this.#state === CONNECTING) {
      this.#abort('WebSocket was closed before the connection was established');
      return;
    }
    if (this.#state === CLOSED) return;
    this.#state = CLOSING;
    host.call('ws.terminate', 'ws.terminate()', this.#id);
  }

  /** Has no effect: the machine hands up each message as it comes. */
  pause() {}

  resume() {}

  get isPaused() {
    return false;
  }

  get readyState() {
    return this.#state;
  }

  get bufferedAmount() {
    return this.#backlog.stuck + this.#unsent;
  }

  get protocol() {
    return this.#protocol;
  }

  get extensions() {
    return this.#compressed ? 'permessage-deflate' : '';
  }

  get url() {
    return this.#url;
  }

  get binaryType() {
    return this.#binaryType;
  }

  set binaryType(type) {
    if (['nodebuffer', 'arraybuffer', 'fragments'].includes(type)) this.#binaryType = type;
  }

  _wasClean() {
    return this.#isClean;
  }
}

STATES.forEach((name, value) => {
  Object.defineProperty(WebSocket, name, { enumerable: true, value });
  Object.defineProperty(WebSocket.prototype, name, { enumerable: true, value });
});
target.extend(WebSocket);

module.exports = WebSocket;
