// A TCP connection as a stream.

const buffer = () => require('buffer');
const { Duplex } = require('internal/duplex');
const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const checks = require('internal/checks');
const errors = () => require('internal/net-errors');
const Backlog = require('internal/backlog');

/** `connect(options[, cb])`, `connect(port[, host][, cb])`: the options and the callback. */
function normalize(args) {
  const callback = typeof args.at(-1) === 'function' ? args.at(-1) : null;
  const [first, second] = args;
  if (first !== null && typeof first === 'object') return [{ ...first }, callback];
  if (typeof first === 'string' && !(Number(first) >= 0)) return [{ path: first }, callback];
  const options = typeof first === 'function' ? {} : { port: first };
  if (typeof second === 'string') options.host = second;
  return [options, callback];
}

/** What `write` becomes once the peer has ended. */
function endedByPeer(chunk, encoding, callback) {
  if (!this.writableEnded) return Duplex.prototype.write.call(this, chunk, encoding, callback);
  const error = new Error('This socket has been ended by the other party');
  error.code = 'EPIPE';
  const done = typeof encoding === 'function' ? encoding : callback;
  if (typeof done === 'function') core.nextTick(done, error);
  this.destroy(error);
  return false;
}

class Socket extends Duplex {
  #id = null;
  #opened = false;
  #pausing = false;
  #reset = false;
  #backlog = new Backlog();
  #flushed = 0;
  #idle = null;

  /** `accepted` is what the host told of a connection that somebody opened to a server here. */
  constructor(options = {}, accepted = null) {
    if (options.fd !== undefined) throw new Error('a socket from a file descriptor is not there');
    const allowHalfOpen = Boolean(options.allowHalfOpen);
    super({ ...options, allowHalfOpen, emitClose: false, autoDestroy: true });
    this.connecting = false;
    this.bytesRead = 0;
    this.timeout = 0;
    this.server = null;
    this.on('end', symbols.owned(() => {
      if (!this.allowHalfOpen) this.write = endedByPeer;
    }));
    if (!accepted) return;
    this.#id = accepted.id;
    this.#opened = true;
    this.#name(accepted.ends);
    handles.add(this.#id, this.#news());
    if (!options.pauseOnCreate) {
      this.read(0);
      return;
    }
    this.pause();
    this.#hold();
  }

  [symbols.words](event, args) {
    return words.on('socket', event, args);
  }

  connect(...args) {
    const [options, callback] = normalize(args);
    if (options.path !== undefined) throw new Error('there are no UNIX domain sockets here');
    if (options.port === undefined) {
      const message = 'The "options" or "port" or "path" argument must be specified';
      throw errors().coded(TypeError, 'ERR_MISSING_ARGS', message);
    }
    const port = checks.port(options.port);
    const name = options.host ?? 'localhost';
    if (callback) this.once('connect', callback);
    if (options.timeout) this.setTimeout(options.timeout);
    if (this.write === endedByPeer) delete this.write;
    this.connecting = true;
    const address = host.resolve(name);
    if (address === null) {
      core.nextTick(() => this.#unknown(name));
      return this;
    }
    this.#id = host.id();
    this.#opened = true;
    handles.add(this.#id, this.#news(address, port));
    const written = typeof args[0] === 'number' ? args : [options.port, name];
    const shown = written.filter((it) => typeof it !== 'function');
    host.call('tcp.connect', words.call('net.connect', ...shown), this.#id, address, port);
    if (name !== address) core.nextTick(() => this.emit('lookup', null, address, 4, name));
    return this;
  }

  #unknown(name) {
    if (!this.connecting) return;
    const error = errors().notFound(name);
    this.emit('lookup', error, undefined, undefined, name);
    this.connecting = false;
    this.destroy(error);
  }

  #name([localAddress, localPort, remoteAddress, remotePort]) {
    const family = 'IPv4';
    const ends = { localAddress, localPort, localFamily: family };
    Object.assign(this, ends, { remoteAddress, remotePort, remoteFamily: family });
  }

  #news(address, port) {
    return {
      connected: (...ends) => {
        this.connecting = false;
        this.#name(ends);
        this.#active();
        this.emit('connect');
        this.emit('ready');
        if (this.readable && !this.isPaused()) this.read(0);
      },
      failed: (code) => {
        this.#forget();
        this.connecting = false;
        this.destroy(errors().system(code, 'connect', address, port));
      },
      data: (octets) => {
        this.bytesRead += octets.length;
        this.#active();
        const chunk = buffer().Buffer.from(octets.buffer, octets.byteOffset, octets.length);
        if (!this.push(chunk)) this.#hold();
      },
      end: () => this.#ended(),
      closed: (code) => {
        this.#forget();
        if (code) this.destroy(errors().system(code, 'read'));
        else this.#ended();
      },
      drained: (waiting) => {
        this.#active();
        this.#backlog.drained(waiting);
      },
    };
  }

  #ended() {
    if (this.readableEnded || this._readableState.ended) return;
    this.push(null);
    this.read(0);
  }

  #forget() {
    if (this.#id !== null) handles.remove(this.#id);
    this.#id = null;
  }

  #hold() {
    if (this.#pausing || this.#id === null) return;
    this.#pausing = true;
    host.call('tcp.pause', '', this.#id);
  }

  _read() {
    if (!this.#pausing || this.#id === null) return;
    this.#pausing = false;
    host.call('tcp.resume', '', this.#id);
  }

  _write(chunk, encoding, callback) {
    this.#send(chunk, callback);
  }

  _writev(parts, callback) {
    this.#send(buffer().Buffer.concat(parts.map((part) => part.chunk)), callback);
  }

  #send(octets, callback) {
    if (this.connecting) {
      const early = () => callback(errors().coded(
        Error, 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
        'Socket closed before the connection was established',
      ));
      this.once('connect', () => {
        this.off('close', early);
        this.#send(octets, callback);
      });
      this.once('close', early);
      return;
    }
    if (this.#id === null) {
      callback(errors().coded(Error, 'ERR_SOCKET_CLOSED', 'Socket is closed'));
      return;
    }
    this.#active();
    host.call('tcp.write', words.call('socket.write', octets), this.#id, octets);
    this.#backlog.sent(octets.length, () => {
      this.#flushed += octets.length;
      callback();
    });
  }

  _final(callback) {
    if (this.pending && !this.destroyed && this.remoteAddress === undefined) {
      this.once('connect', () => this._final(callback));
      return;
    }
    if (this.#id !== null) host.call('tcp.end', 'socket.end()', this.#id);
    core.setImmediate(callback);
  }

  _destroy(error, callback) {
    this.connecting = false;
    core.clearTimeout(this.#idle);
    if (this.#id !== null) {
      const over = this.readableEnded && this.writableFinished;
      const [op, said] = this.#reset
        ? ['tcp.reset', 'socket.resetAndDestroy()'] : ['tcp.destroy', 'socket.destroy()'];
      host.call(op, over ? '' : said, this.#id);
      this.#forget();
    }
    callback(error);
    const later = this.#opened ? core.setImmediate : core.nextTick;
    later(() => this.emit('close', Boolean(error)));
    this.server?._lost();
  }

  /** Ends the connection with RST. */
  resetAndDestroy() {
    if (this.#id === null) {
      this.destroy(errors().coded(Error, 'ERR_SOCKET_CLOSED', 'Socket is closed'));
      return this;
    }
    this.#reset = true;
    if (this.connecting) this.once('connect', () => this.destroy());
    else this.destroy();
    return this;
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  setTimeout(ms, callback) {
    if (this.destroyed) return this;
    this.timeout = ms;
    core.clearTimeout(this.#idle);
    this.#idle = null;
    if (callback && ms > 0) this.once('timeout', callback);
    else if (callback) this.off('timeout', callback);
    this.#active();
    return this;
  }

  #active() {
    if (!this.timeout) return;
    core.clearTimeout(this.#idle);
    this.#idle = core.setTimeout(() => this.emit('timeout'), this.timeout);
  }

  setNoDelay(on = true) {
    const set = () => host.call('tcp.no-delay', `socket.setNoDelay(${on})`, this.#id, Boolean(on));
    if (this.connecting) this.once('connect', set);
    else if (this.#id !== null) set();
    return this;
  }

  /** Has no effect: a simulated TCP sends no keep-alive probes. */
  setKeepAlive() {
    return this;
  }

  /** Have no effect: a simulated program stays as long as its host. */
  ref() {
    return this;
  }

  unref() {
    return this;
  }

  address() {
    if (this.localAddress === undefined) return {};
    return { address: this.localAddress, family: this.localFamily, port: this.localPort };
  }

  get pending() {
    return this.#id === null || this.connecting;
  }

  get bytesWritten() {
    return this.#flushed + this.writableLength;
  }

  get readyState() {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }
}

module.exports = { Socket, normalize };
