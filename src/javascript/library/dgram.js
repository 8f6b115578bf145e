// UDP sockets, as node's module of that name.

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const checks = require('internal/checks');
const errors = require('internal/net-errors');
const { invalidType } = require('internal/errors');

const [UNBOUND, BINDING, BOUND] = [0, 1, 2];

function octetsOf(message) {
  if (Array.isArray(message)) return Buffer.concat(message.map((part) => octetsOf(part)));
  if (typeof message === 'string') return Buffer.from(message);
  if (ArrayBuffer.isView(message)) {
    return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  }
  const wanted = 'of type string or an instance of Buffer, TypedArray, or DataView';
  throw invalidType('buffer', wanted, message);
}

class Socket extends EventEmitter {
  #id = host.id();
  #state = UNBOUND;
  #port = 0;
  #address = '0.0.0.0';
  #waiting = [];
  #peer = null;
  #closed = false;

  constructor(type, listener) {
    super();
    const options = typeof type === 'object' && type !== null ? type : { type };
    if (options.type !== 'udp4') {
      if (options.type === 'udp6') throw new Error('there is no IPv6 here: use udp4');
      const message = 'Bad socket type specified. Valid types are: udp4, udp6';
      throw errors.coded(TypeError, 'ERR_SOCKET_BAD_TYPE', message);
    }
    this.type = options.type;
    if (listener) this.on('message', listener);
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  [symbols.words](event, args) {
    const shown = event === 'message' ? [args[0], `from ${args[1].address}:${args[1].port}`] : args;
    return words.on('socket', event, shown);
  }

  /** `bind([port[, address]][, cb])`, `bind(options[, cb])`. */
  bind(...args) {
    this.#check();
    if (this.#state !== UNBOUND) {
      throw errors.coded(Error, 'ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound');
    }
    const callback = typeof args.at(-1) === 'function' ? args.pop() : null;
    const [first, second] = args;
    const { port, address } = first !== null && typeof first === 'object'
      ? first : { port: first, address: second };
    if (callback) this.once('listening', callback);
    const resolved = address ? host.resolve(address) : '0.0.0.0';
    if (resolved === null) {
      core.nextTick(() => this.emit('error', errors.notFound(address)));
      return this;
    }
    this.#address = resolved;
    this.#open(checks.port(port ?? 0), words.call('socket.bind', ...args));
    return this;
  }

  #open(port, said) {
    this.#state = BINDING;
    this.#port = port;
    handles.add(this.#id, {
      listening: (bound) => this.#bound(bound),
      failed: (code) => {
        this.#state = UNBOUND;
        handles.remove(this.#id);
        this.emit('error', errors.system(code, 'bind', this.#address, port));
      },
      datagram: (octets, address, from) => {
        const message = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
        if (this.#peer && (this.#peer.address !== address || this.#peer.port !== from)) return;
        this.emit('message', message, { address, family: 'IPv4', port: from, size: octets.length });
      },
      'udp.error': (code) => this.emit('error', errors.system(code, 'recvmsg')),
    });
    host.call('udp.bind', said, this.#id, port);
  }

  #bound(port) {
    this.#state = BOUND;
    this.#port = port;
    this.emit('listening');
    for (const send of this.#waiting.splice(0)) send();
  }

  /** `send(msg[, offset, length][, port[, address]][, cb])`. */
  send(message, ...rest) {
    this.#check();
    const callback = typeof rest.at(-1) === 'function' ? rest.pop() : null;
    let octets = octetsOf(message);
    const ranged = rest.length >= (this.#peer ? 2 : 3) && typeof rest[1] === 'number';
    if (ranged) octets = octets.subarray(rest[0], rest[0] + rest[1]);
    const [port, address = 'localhost'] = ranged ? rest.slice(2) : rest;
    if (this.#peer && port !== undefined) {
      throw errors.coded(Error, 'ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
    }
    const to = this.#peer ?? { port: checks.port(port, 'Port', false), name: address };
    if (this.#state === UNBOUND) this.#open(0, '');
    const shown = this.#peer ? [octets] : [octets, to.port, address];
    const said = words.call('socket.send', ...shown);
    const give = () => this.#send(octets, to, said, callback);
    if (this.#state === BOUND) give();
    else this.#waiting.push(give);
  }

  #send(octets, to, said, callback) {
    if (this.#closed) return;
    const address = to.address ?? host.resolve(to.name);
    const error = address === null ? errors.notFound(to.name)
      : octets.length > 65507 ? errors.system('EMSGSIZE', 'send', address, to.port) : null;
    if (error === null) {
      host.call('udp.send', said, this.#id, address, to.port, octets);
      const sent = () => core.invoke('send callback', callback, this, null, octets.length);
      if (callback) core.nextTick(sent);
    } else if (callback) {
      core.nextTick(() => core.invoke('send callback', callback, this, error));
    } else {
      core.nextTick(() => this.emit('error', error));
    }
  }

  /** From now on it sends to one peer, and hears no other. */
  connect(port, address, callback) {
    this.#check();
    const done = typeof address === 'function' ? address : callback;
    const name = typeof address === 'string' ? address : 'localhost';
    if (this.#peer) throw errors.coded(Error, 'ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
    const to = { port: checks.port(port, 'Port', false), address: host.resolve(name) };
    if (done) this.once('connect', done);
    if (this.#state === UNBOUND) this.#open(0, '');
    const give = () => {
      if (to.address === null) {
        core.nextTick(() => this.emit('error', errors.notFound(name)));
        return;
      }
      this.#peer = to;
      core.nextTick(() => this.emit('connect'));
    };
    if (this.#state === BOUND) give();
    else this.#waiting.push(give);
  }

  disconnect() {
    this.#connected();
    this.#peer = null;
  }

  remoteAddress() {
    const { address, port } = this.#connected();
    return { address, family: 'IPv4', port };
  }

  #connected() {
    if (this.#peer) return this.#peer;
    throw errors.coded(Error, 'ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');
  }

  address() {
    this.#check();
    if (this.#state !== BOUND) {
      const error = new Error('getsockname EBADF');
      throw Object.assign(error, { errno: -9, code: 'EBADF', syscall: 'getsockname' });
    }
    return { address: this.#address, family: 'IPv4', port: this.#port };
  }

  close(callback) {
    this.#check();
    if (callback) this.on('close', callback);
    this.#closed = true;
    handles.remove(this.#id);
    if (this.#state !== UNBOUND) host.call('udp.close', 'socket.close()', this.#id);
    core.nextTick(() => this.emit('close'));
    return this;
  }

  #check() {
    if (this.#closed) throw errors.coded(Error, 'ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running');
  }

  /** Have no effect: a simulated program stays as long as its host, broadcasts need no leave. */
  ref() {
    return this;
  }

  unref() {
    return this;
  }

  setBroadcast() {}

  setTTL(ttl) {
    return ttl;
  }
}

exports.createSocket = (type, listener) => new Socket(type, listener);
exports.Socket = Socket;
