// Requests: gathered, given to the host whole, answered whole.

const EventEmitter = require('events');
const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const checks = require('internal/checks');
const OutgoingMessage = require('internal/http-outgoing');
const addresses = () => require('internal/address');
const buffer = () => require('buffer');
const errors = () => require('internal/net-errors');
const HttpSocket = () => require('internal/http-socket');
const IncomingMessage = () => require('internal/http-incoming');

/** How connections are kept. The host keeps them; an agent only says whether it shall. */
class Agent extends EventEmitter {
  maxSockets = Infinity;
  maxFreeSockets = 256;

  constructor(options = {}) {
    super();
    this.options = { ...options };
    this.keepAlive = Boolean(options.keepAlive);
  }

  destroy() {}
}

const globalAgent = new Agent({ keepAlive: true, timeout: 5000 });

/** Without one of these at hand no parser is loaded to know it by. */
const isUrl = (it) => typeof it?.href === 'string' && it instanceof require('url').URL;

function optionsOf(url) {
  const { protocol, hostname } = url;
  const options = { protocol, hostname, path: `${url.pathname}${url.search}` };
  if (url.port !== '') options.port = Number(url.port);
  if (url.username || url.password) {
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  }
  return options;
}

/** `request(url[, options][, cb])`, `request(options[, cb])`. */
function normalize([first, second, third]) {
  const isText = typeof first === 'string';
  if (!isText && !isUrl(first)) return [{ ...first }, second];
  const own = typeof second === 'function' ? {} : second;
  const callback = typeof second === 'function' ? second : third;
  return [{ ...optionsOf(isText ? addresses().parse(first) : first), ...own }, callback];
}

class ClientRequest extends OutgoingMessage {
  #id = null;
  #to;
  #said;
  #gathered = [];
  #over = false;
  #timer = null;
  #keepAlive;

  constructor(args, name) {
    super();
    const [options, callback] = normalize(args);
    const { protocol = 'http:', port = 80, path = '/' } = options;
    if (protocol !== 'http:') {
      const message = `Protocol "${protocol}" not supported. Expected "http:"`;
      throw errors().coded(TypeError, 'ERR_INVALID_PROTOCOL', message);
    }
    if (/[^\u0021-\u00ff]/.test(path)) {
      const message = 'Request path contains unescaped characters';
      throw errors().coded(TypeError, 'ERR_UNESCAPED_CHARACTERS', message);
    }
    this.method = (options.method ?? 'GET').toUpperCase();
    this.host = options.hostname ?? options.host ?? 'localhost';
    Object.assign(this, { path, protocol, agent: options.agent ?? globalAgent });
    this.#to = { name: this.host, port: checks.port(port) };
    this.#keepAlive = this.agent !== false && this.agent.keepAlive;
    this.#said = words.call(name, ...args.filter((it) => typeof it !== 'function').map((it) => (
      isUrl(it) ? it.href : it
    )));
    this._fields.take(options.headers);
    if (!this.hasHeader('host')) {
      this.setHeader('Host', this.#to.port === 80 ? this.host : `${this.host}:${port}`);
    }
    if (options.auth && !this.hasHeader('authorization')) {
      const secret = buffer().Buffer.from(options.auth).toString('base64');
      this.setHeader('Authorization', `Basic ${secret}`);
    }
    if (callback) this.once('response', callback);
    if (options.timeout) this.setTimeout(options.timeout);
    this.#obey(options.signal);
    this.#connect();
  }

  [symbols.words](event, args) {
    return words.on('req', event, args);
  }

  #obey(signal) {
    if (!signal) return;
    const abort = () => this.destroy(require('internal/errors').aborted(signal.reason));
    if (signal.aborted) core.nextTick(abort);
    else signal.addEventListener('abort', abort, { once: true });
  }

  /** There is no connection to see before the request is whole; so this only stands for it. */
  #connect() {
    const address = host.resolve(this.#to.name);
    this.#to.address = address;
    core.nextTick(() => {
      if (this.#over) return;
      if (address === null) {
        this.#fail(errors().notFound(this.#to.name));
        return;
      }
      const end = (said, error) => this.destroy(error);
      this.socket = new (HttpSocket())(address, this.#to.port, end);
      this.connection = this.socket;
      this.emit('socket', this.socket);
    });
  }

  _write(chunk, encoding, callback) {
    this._head();
    this.#gathered.push(chunk);
    callback();
  }

  _final(callback) {
    this._head();
    if (this.#over || this.#to.address === null) return;
    this.#id = host.id();
    handles.add(this.#id, {
      response: (...facts) => this.#answered(...facts),
      'http.failed': (code, message) => this.#fail(this.#error(code, message)),
    });
    const headers = this._fields.list(['content-length', 'transfer-encoding']);
    if (!this.hasHeader('connection')) {
      headers.push('Connection', this.#keepAlive ? 'keep-alive' : 'close');
    }
    const { address, port } = this.#to;
    const facts = [this.method, this.path, headers, buffer().Buffer.concat(this.#gathered)];
    host.call('http.request', this.#said, this.#id, address, port, ...facts, this.#keepAlive);
    core.setImmediate(callback);
  }

  #error(code, message) {
    if (code === 'ECONNRESET') return errors().coded(Error, code, 'socket hang up');
    if (!/^E[A-Z]+$/.test(code ?? '')) {
      return errors().coded(Error, code ?? 'HPE_INVALID_CONSTANT', `Parse Error: ${message}`);
    }
    return errors().system(code, 'connect', this.#to.address, this.#to.port);
  }

  #settle() {
    this.#over = true;
    core.clearTimeout(this.#timer);
    if (this.#id !== null) handles.remove(this.#id);
  }

  #fail(error) {
    if (this.#over) return;
    this.#settle();
    super.destroy();
    core.nextTick(() => {
      this.emit('error', error);
      this.emit('close');
    });
  }

  #answered(status, reason, headers, octets) {
    this.#settle();
    const res = new (IncomingMessage())(this.socket, headers, octets);
    Object.assign(res, { statusCode: status, statusMessage: reason, req: this });
    this.res = res;
    // A connection that is kept is free at once, another is closed a little later.
    const later = this.#keepAlive ? core.nextTick : core.setImmediate;
    res.once('end', symbols.owned(() => later(() => this.#close())));
    if (!this.emit('response', res)) res._dump();
  }

  #close() {
    super.destroy();
    this.emit('close');
  }

  destroy(error) {
    if (this.destroyed) return this;
    if (this.#over) {
      this.res?.destroy(error);
      return this;
    }
    if (this.#id !== null) host.call('http.abort', 'req.destroy()', this.#id);
    this.#fail(error ?? errors().coded(Error, 'ECONNRESET', 'socket hang up'));
    return this;
  }

  abort() {
    this.aborted = true;
    core.nextTick(() => this.emit('abort'));
    this.destroy();
  }

  setTimeout(ms, callback) {
    core.clearTimeout(this.#timer);
    if (callback) this.once('timeout', callback);
    if (ms > 0) this.#timer = core.setTimeout(() => this.emit('timeout'), ms);
    return this;
  }

  /** Nothing goes out before the request is whole. */
  flushHeaders() {
    this._head();
  }

  setNoDelay() {}

  setSocketKeepAlive() {}
}

function request(...args) {
  return new ClientRequest(args, 'http.request');
}

function get(...args) {
  return new ClientRequest(args, 'http.get').end();
}

module.exports = { Agent, ClientRequest, globalAgent, request, get };
