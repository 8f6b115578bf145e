// What servers of every kind have in common: the forms of listen, an address, an end.

const EventEmitter = require('events');
const core = require('internal/core');
const checks = require('internal/checks');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const errors = () => require('internal/net-errors');

/** `listen([port[, host[, backlog]]][, cb])`, `listen(options[, cb])`. */
function normalize(args) {
  const callback = typeof args.at(-1) === 'function' ? args.at(-1) : null;
  const rest = callback ? args.slice(0, -1) : args;
  const [first, second, third] = rest;
  if (first !== null && typeof first === 'object') {
    if (first.path === undefined && !('port' in first)) {
      const message = 'The argument \'options\' must have the property "port" or "path". '
        + `Received ${JSON.stringify(first)}`;
      throw errors().coded(TypeError, 'ERR_INVALID_ARG_VALUE', message);
    }
    return [{ ...first }, callback];
  }
  if (typeof first === 'string' && !(Number(first) >= 0)) return [{ path: first }, callback];
  const backlog = [second, third].find((it) => typeof it === 'number');
  const name = typeof second === 'string' ? second : undefined;
  return [{ port: first, host: name, backlog }, callback];
}

class Listener extends EventEmitter {
  #id = null;
  #bound = false;
  #port = 0;
  #host = '0.0.0.0';

  /** At once without an address; with one node looks it up first. */
  get listening() {
    return this.#id !== null && this.#bound;
  }

  [symbols.words](event, args) {
    return words.on('server', event, args);
  }

  listen(...args) {
    if (this.#id !== null) {
      const message = 'Listen method has been called more than once without closing.';
      throw errors().coded(Error, 'ERR_SERVER_ALREADY_LISTEN', message);
    }
    const [options, callback] = normalize(args);
    if (options.path !== undefined) throw new Error('there are no UNIX domain sockets here');
    this.#port = checks.port(options.port ?? 0, 'options.port');
    if (callback) this.once('listening', callback);
    const address = options.host ? host.resolve(options.host) : '0.0.0.0';
    if (address === null) {
      core.nextTick(() => this.emit('error', errors().notFound(options.host)));
      return this;
    }
    this.#host = address;
    this.#id = host.id();
    this.#bound = !options.host;
    handles.add(this.#id, Object.assign(this._news(), this.#news()));
    const shown = args.filter((it) => typeof it !== 'function');
    const said = words.call('server.listen', ...shown);
    this._listen(this.#id, this.#port, options.backlog ?? 511, said);
    return this;
  }

  #news() {
    return {
      listening: (port) => {
        this.#bound = true;
        this.#port = port;
        this.emit('listening');
      },
      failed: (code) => {
        handles.remove(this.#id);
        this.#id = null;
        this.emit('error', errors().listen(code, this.#host, this.#port));
      },
    };
  }

  address() {
    if (!this.listening) return null;
    return { address: this.#host, family: 'IPv4', port: this.#port };
  }

  close(callback) {
    if (this.#id === null) {
      const error = () => errors().coded(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.');
      if (typeof callback === 'function') this.once('close', () => callback(error()));
    } else {
      if (typeof callback === 'function') this.once('close', callback);
      const id = this.#id;
      this.#id = null;
      this._close(id, 'server.close()');
    }
    this._closeIfIdle();
    return this;
  }

  /** Says 'close' once nothing is listened for and nobody is connected. */
  _closeIfIdle() {
    if (this.#id !== null || this._busy()) return;
    core.nextTick(() => {
      if (this.#id === null && !this._busy()) this.emit('close');
    });
  }

  /** Have no effect: a simulated program stays as long as its host. */
  ref() {
    return this;
  }

  unref() {
    return this;
  }

  [Symbol.asyncDispose]() {
    return new Promise((resolve, reject) => {
      this.close((error) => (error ? reject(error) : resolve()));
    });
  }
}

module.exports = Listener;
