// A client's session with a server, for all its namespaces there. The machine opens it, loses it
// and opens it again; the manager tells.

const addresses = require('internal/address');
const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const Emitter = require('internal/io-emitter');
const Socket = require('internal/io-client-socket');

const DEFAULTS = {
  path: '/socket.io',
  transports: ['polling', 'websocket', 'webtransport'],
  upgrade: true,
  reconnection: true,
  reconnectionAttempts: Infinity,
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  timeout: 20000,
  autoConnect: true,
};

/** What stands for the Engine.IO session: its transport, and that it changes. */
class Engine extends Emitter {
  constructor(name) {
    super();
    this.transport = { name };
  }

  [symbols.words](event, args) {
    return words.on('socket.io.engine', event, args);
  }
}

class Manager extends Emitter {
  #id = null;
  #url;
  #isOpen = false;
  #attempt = 0;
  #since = 0;
  #timer = null;
  #error = null;

  nsps = {};

  constructor(url, options = {}) {
    super();
    this.#url = addresses.parse(url);
    this.uri = url;
    this.opts = { ...DEFAULTS, ...options };
    this.opts.transports = this.opts.transports.filter((it) => it !== 'webtransport');
    this.engine = new Engine(this.opts.transports[0]);
  }

  [symbols.words](event, args) {
    return words.on('socket.io', event, args);
  }

  get _readyState() {
    return this.#isOpen ? 'open' : this.#id === null ? 'closed' : 'opening';
  }

  /** The socket of a namespace: the same for the same name. */
  socket(namespace, options, said = words.call('manager.socket', namespace)) {
    const known = this.nsps[namespace];
    const socket = known ?? new Socket(this, namespace, options);
    this.nsps[namespace] = socket;
    if (this.opts.autoConnect) socket._open(said);
    return socket;
  }

  _call(op, said, ...args) {
    if (this.#id !== null) host.call(op, said, this.#id, ...args);
  }

  /** Joins a namespace; the first time the session is opened for it. */
  _join(said, namespace, auth) {
    const isFirst = this.#id === null;
    if (isFirst && !this.#open(said)) return;
    if (!this.#isOpen && this.#attempt === 0) this.#since = host.now();
    this._call('io.join-namespace', isFirst ? '' : said, namespace, auth);
  }

  #open(said) {
    const name = this.#url.hostname;
    const address = host.resolve(name);
    if (address === null) {
      core.nextTick(() => this.#unknown());
      return false;
    }
    this.#id = host.id();
    handles.add(this.#id, this.#news());
    const { path, transports, upgrade, reconnection, reconnectionAttempts } = this.opts;
    const { reconnectionDelay, reconnectionDelayMax, randomizationFactor, timeout } = this.opts;
    const options = {
      path: `${path.replace(/\/$/, '')}/`,
      transports,
      upgrade,
      reconnection,
      reconnectionAttempts: reconnectionAttempts === Infinity ? null : reconnectionAttempts,
      reconnectionDelay,
      reconnectionDelayMax,
      randomizationFactor,
      timeout: timeout || 0,
      query: addresses.encoded(this.opts.query ?? {}),
      headers: Object.entries(this.opts.extraHeaders ?? {}).flat().map(String),
    };
    const port = Number(this.#url.port || 80);
    host.call('io.open', said, this.#id, address, port, this.#url.host, JSON.stringify(options));
    return true;
  }

  /** Nobody has that name: the machine cannot even try, so this says it again and again. */
  #unknown() {
    const waiting = Object.values(this.nsps).filter((socket) => socket.active);
    if (waiting.length === 0) return;
    const error = this.#failure('transport error', null);
    for (const socket of waiting) socket._refused(error, false);
    if (this.opts.reconnection) core.setTimeout(() => this.#unknown(), this.opts.reconnectionDelay);
  }

  #news() {
    const to = (method) => (name, ...args) => this.nsps[name]?.[method](...args);
    return {
      'io.client.transport': (name) => this.#transport(name),
      'io.client.connected': (name, sid, recovered) => {
        this.#opened();
        this.nsps[name]?._connected(sid, recovered);
      },
      'io.client.connect-error': (name, message, data) => {
        const isServers = this.#isOpen;
        const error = isServers ? new Error(message) : this.#failure(message);
        if (isServers && data !== null) error.data = JSON.parse(data);
        this.nsps[name]?._refused(error, isServers);
        if (isServers) return;
        this.#error = error;
        if (!this.opts.reconnection) this.#givenUp();
      },
      'io.client.event': to('_event'),
      'io.client.acked': to('_acked'),
      'io.client.ack-timeout': to('_ackTimedOut'),
      'io.client.ack-lost': to('_ackLost'),
      'io.client.disconnected': (name, reason) => {
        this.nsps[name]?._disconnected(reason);
        if (!/namespace disconnect$/.test(reason)) this.#closed(reason);
      },
      'io.client.reconnecting': (attempt, wait) => this.#reconnecting(attempt, wait),
      'io.client.reconnect-failed': () => {
        this._tell('reconnect_failed');
        this.#failed();
        this.#attempt = 0;
        this.#givenUp();
      },
    };
  }

  /** Why there was no session, in the words of the package. */
  #failure(message) {
    const { timeout, transports } = this.opts;
    const isLate = timeout && host.now() - this.#since >= timeout - 1;
    if (message !== 'transport error' || isLate) return new Error(isLate ? 'timeout' : message);
    const isSocket = transports[0] === 'websocket';
    const error = new Error(isSocket ? 'websocket error' : 'xhr poll error');
    return Object.assign(error, { type: 'TransportError', description: 0 });
  }

  #transport(name) {
    const isUpgrade = this.#isOpen;
    this.engine.transport = { name };
    if (isUpgrade) this.engine._tell('upgrade', this.engine.transport);
    else this.#opened();
  }

  #opened() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    core.clearTimeout(this.#timer);
    const attempt = this.#attempt;
    this.#attempt = 0;
    this._tell('open');
    if (attempt > 0) this._tell('reconnect', attempt);
  }

  #closed(reason) {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this._tell('close', reason);
    if (!this.opts.reconnection) this.#givenUp();
  }

  #givenUp() {
    for (const socket of Object.values(this.nsps)) socket._givenUp();
  }

  /** A socket left its namespace: without any there is no use for a session. */
  _left() {
    if (Object.values(this.nsps).some((socket) => socket.active)) return;
    core.clearTimeout(this.#timer);
    this.#attempt = 0;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this._tell('close', 'forced close');
  }

  #reconnecting(attempt, wait) {
    this.#isOpen = false;
    this.#failed();
    this.#attempt = attempt;
    this.#timer = core.setTimeout(() => {
      this.#since = host.now();
      if (!Object.values(this.nsps).some((socket) => socket.active)) return;
      this._tell('reconnect_attempt', attempt);
    }, Math.floor(wait));
  }

  /** The try before failed, if there was one. */
  #failed() {
    if (this.#attempt > 0) this._tell('reconnect_error', this.#error);
  }

  /** Opens for all its sockets; of use with `autoConnect: false`. */
  open() {
    for (const socket of Object.values(this.nsps)) socket.connect();
    return this;
  }

  connect() {
    return this.open();
  }

  _close() {
    for (const socket of Object.values(this.nsps)) socket.disconnect();
  }

  close() {
    this._close();
  }

  disconnect() {
    this._close();
  }
}

// Settings are read, and set before the first connection, by calls of their names.
for (const name of [
  'reconnection', 'reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax',
  'randomizationFactor', 'timeout',
]) {
  Manager.prototype[name] = function setting(...args) {
    if (args.length === 0) return this.opts[name];
    [this.opts[name]] = args;
    return this;
  };
}

module.exports = Manager;
