// The browser's WebSocket, over the host's own WebSocket machine.

const { EventTarget, Event, MessageEvent, CloseEvent, ErrorEvent } = require('event-target');
const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const Backlog = require('internal/backlog');
const addresses = require('internal/address');
const blob = () => require('internal/blob');
const errors = () => require('internal/net-errors');
const exceptions = () => require('internal/dom-exception');
const fault = () => require('internal/ws-faults');
const utf8 = () => require('internal/utf8');

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;
const REASON_MAX = 123;

function wrong(message, name) {
  return new (exceptions().DOMException)(message, name);
}

function parsed(address) {
  let url;
  try {
    url = addresses.parse(address);
  } catch (error) {
    throw wrong(`Invalid URL: ${address}`, 'SyntaxError');
  }
  if (/^https?:$/.test(url.protocol)) url = addresses.parse(url.href.replace(/^http/, 'ws'));
  if (!/^wss?:$/.test(url.protocol)) {
    throw wrong(`Expected a ws: or wss: protocol, got ${url.protocol}`, 'SyntaxError');
  }
  if (url.hash || url.href.endsWith('#')) throw wrong('Got fragment', 'SyntaxError');
  if (url.protocol === 'wss:') throw wrong('there is no TLS here: use ws:', 'SyntaxError');
  return url;
}

function checked(protocols) {
  const list = typeof protocols === 'string' ? [protocols] : Array.from(protocols, String);
  const isUnique = new Set(list.map((it) => it.toLowerCase())).size === list.length;
  if (isUnique && list.every((it) => TOKEN.test(it))) return list;
  throw wrong('Invalid Sec-WebSocket-Protocol value', 'SyntaxError');
}

class WebSocket extends EventTarget {
  #id = null;
  #url;
  #at = {};
  #state = CONNECTING;
  #protocol = '';
  #isCompressed = false;
  #binaryType = 'blob';
  #backlog = new Backlog();
  #unsent = 0;
  #handlers = {};

  constructor(address, protocols = []) {
    if (address === undefined) {
      throw new TypeError('WebSocket constructor: 1 argument required, but only 0 present.');
    }
    super();
    this.#url = parsed(address);
    const list = checked(protocols);
    const shown = list.length > 0 ? [String(address), protocols] : [String(address)];
    this.#open(list, words.call('new WebSocket', ...shown));
  }

  [symbols.words](type, [event]) {
    if (type === 'message') return words.on('socket', type, [event.data]);
    return words.on('socket', type, type === 'close' ? [event.code, event.reason] : []);
  }

  #open(protocols, said) {
    const { hostname, host: authority, pathname, search } = this.#url;
    const address = host.resolve(hostname);
    const port = Number(this.#url.port || 80);
    if (address === null) {
      core.nextTick(() => {
        this.#fail(errors().notFound(hostname));
        this.#over(1006, '', false);
      });
      return;
    }
    this.#at = { address, port };
    this.#id = host.id();
    handles.add(this.#id, this.#news());
    const options = JSON.stringify({ origin: null, perMessageDeflate: true, headers: [] });
    const target = `${pathname || '/'}${search}`;
    host.call('ws.connect', said, this.#id, address, port, authority, target, protocols, options);
  }

  #news() {
    return {
      'ws.open': (protocol, isCompressed) => {
        if (this.#state !== CONNECTING) return;
        this.#state = OPEN;
        this.#protocol = protocol ?? '';
        this.#isCompressed = isCompressed;
        this.dispatchEvent(new Event('open'));
      },
      'ws.message': (data) => this.#message(data),
      'ws.closing': () => {
        this.#state = CLOSING;
      },
      'ws.failed': (message, status) => {
        const { address, port } = this.#at;
        this.#fail(fault()(message, status, address, port));
      },
      'ws.closed': (code, reason, isClean) => this.#over(code, reason, isClean),
      drained: (waiting) => this.#backlog.drained(waiting),
    };
  }

  #message(octets) {
    if (this.#state !== OPEN) return;
    let data = octets;
    if (typeof octets !== 'string') {
      const { buffer, byteOffset, length } = octets;
      data = buffer.slice(byteOffset, byteOffset + length);
      if (this.#binaryType === 'blob') data = new (blob().Blob)([data]);
    }
    this.dispatchEvent(new MessageEvent('message', { data, origin: this.#url.origin }));
  }

  #fail(error) {
    this.#state = CLOSING;
    const message = 'Received network error or non-101 status code.';
    this.dispatchEvent(new ErrorEvent('error', { message, error }));
  }

  #over(code, reason, wasClean) {
    if (this.#state === CLOSED) return;
    this.#state = CLOSED;
    if (this.#id !== null) handles.remove(this.#id);
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean }));
  }

  send(data) {
    if (this.#state === CONNECTING) throw wrong('Sent before connected.', 'InvalidStateError');
    const isBlob = typeof data === 'object' && data instanceof blob().Blob;
    this.#send(isBlob ? blob().octets(data) : data, words.call('socket.send', data));
  }

  #send(data, said) {
    const isOctets = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
    const text = isOctets ? null : String(data);
    const octets = isOctets ? new Uint8Array(data.buffer ?? data, data.byteOffset, data.byteLength)
      : text;
    const length = isOctets ? octets.length : utf8().lengthOf(text);
    if (this.#state !== OPEN) {
      this.#unsent += length;
      return;
    }
    host.call('ws.send', said, this.#id, octets);
    this.#backlog.sent(length);
  }

  close(code = undefined, reason = '') {
    const number = code === undefined ? undefined : Math.trunc(Number(code)) || 0;
    if (number !== undefined && number !== 1000 && !(number >= 3000 && number <= 4999)) {
      throw wrong('invalid code', 'InvalidAccessError');
    }
    const length = utf8().lengthOf(String(reason));
    if (length > REASON_MAX) {
      const message = `Reason must be less than ${REASON_MAX} bytes; received ${length}`;
      throw wrong(message, 'SyntaxError');
    }
    if (this.#state === CONNECTING) {
      this.#giveUp();
    } else if (this.#state === OPEN) {
      this.#state = CLOSING;
      const said = words.call('socket.close', code, reason || undefined);
      host.call('ws.close', said, this.#id, number ?? (reason ? 1000 : undefined), String(reason));
    }
  }

  /** It is closed before it is open: that is a failure. */
  #giveUp() {
    this.#state = CLOSING;
    if (this.#id === null) return;
    host.call('ws.terminate', 'socket.close()', this.#id);
    handles.remove(this.#id);
    core.setImmediate(() => {
      this.#fail(new Error('the connection was closed before it was open'));
      this.#over(1006, '', false);
    });
  }

  get url() {
    return this.#url.href;
  }

  get readyState() {
    return this.#state;
  }

  get bufferedAmount() {
    return this.#backlog.amount + this.#unsent;
  }

  get protocol() {
    return this.#protocol;
  }

  get extensions() {
    return this.#isCompressed ? 'permessage-deflate' : '';
  }

  get binaryType() {
    return this.#binaryType;
  }

  set binaryType(type) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  get [Symbol.toStringTag]() {
    return 'WebSocket';
  }

  /** `onmessage` and its like: one listener a type, which keeps the place of the first. */
  static handler(type) {
    return {
      enumerable: true,
      configurable: true,
      get() {
        return this.#handlers[type]?.current ?? null;
      },
      set(handler) {
        const current = typeof handler === 'function' ? handler : null;
        if (this.#handlers[type]) {
          this.#handlers[type].current = current;
          return;
        }
        const kept = { current };
        this.#handlers[type] = kept;
        this.addEventListener(type, symbols.owned((event) => {
          const said = this[symbols.words](type, [event]);
          if (kept.current) core.invoke(said, kept.current, this, event);
        }));
      },
    };
  }
}

for (const type of ['open', 'message', 'error', 'close']) {
  Object.defineProperty(WebSocket.prototype, `on${type}`, WebSocket.handler(type));
}
delete WebSocket.handler;
for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED })) {
  Object.defineProperty(WebSocket, name, { enumerable: true, value });
  Object.defineProperty(WebSocket.prototype, name, { enumerable: true, value });
}

module.exports = { WebSocket, MessageEvent, CloseEvent, ErrorEvent };
