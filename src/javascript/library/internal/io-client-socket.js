// A namespace as a client of it sees it.

const core = require('internal/core');
const symbols = require('internal/symbols');
const words = require('internal/words');
const Emitter = require('internal/io-emitter');
const catchAll = require('internal/io-catch-all');
const { Acks, answer, checkName, pack, unpack, withAck } = require('internal/io-arguments');

/** The machine's reasons are the server's words; a client has its own for these. */
const REASONS = { 'server namespace disconnect': 'io server disconnect' };

class Socket extends Emitter {
  #acks = new Acks();
  #flags = {};
  #early = [];
  #unsaid = [];
  #isKnown = false;
  #isWanted = false;
  #options;

  id = undefined;
  connected = false;
  recovered = false;
  /** Whether it is connected or the manager tries to. */
  active = false;

  constructor(manager, namespace, options) {
    super();
    Object.assign(this, { io: manager, nsp: namespace });
    this.#options = options;
    if (options?.auth) this.auth = options.auth;
  }

  [symbols.words](event, args) {
    return words.on('socket', event, args);
  }

  get disconnected() {
    return !this.connected;
  }

  connect() {
    return this._open('socket.connect()');
  }

  open() {
    return this.connect();
  }

  _open(said) {
    if (this.#isWanted) return this;
    this.#isWanted = true;
    this.active = true;
    if (typeof this.auth === 'function') {
      core.invoke('auth()', this.auth, this, (auth) => this.#join(said, auth));
    } else {
      this.#join(said, this.auth);
    }
    return this;
  }

  #join(said, auth) {
    if (!this.#isWanted) return;
    const json = auth === undefined || auth === null ? null : JSON.stringify(auth);
    this.io._join(said, this.nsp, json);
    this.#isKnown = true;
    for (const give of this.#early.splice(0)) give();
  }

  /** The machine keeps what it cannot send yet, once it knows of the namespace. */
  #call(op, said, ...args) {
    const give = () => this.io._call(op, said, this.nsp, ...args);
    if (this.#isKnown) give();
    else this.#early.push(give);
  }

  emit(name, ...args) {
    checkName(name);
    const { volatile: isVolatile, timeout = this.#options?.ackTimeout } = this.#flags;
    const shown = `${isVolatile ? '.volatile' : ''}`
      + `${this.#flags.timeout >= 0 ? `.timeout(${timeout})` : ''}`;
    this.#flags = {};
    const said = words.call(`socket${shown}.emit`, name, ...args);
    const callback = typeof args.at(-1) === 'function' ? args.pop() : null;
    if (isVolatile && !this.connected) return this;
    if (this.connected) this._outgoing(name, args);
    else this.#unsaid.push([name, args]);
    const hasError = callback?.hasError || timeout !== undefined;
    const token = callback && this.#acks.expect(callback, timeout, hasError);
    const ms = callback ? timeout ?? null : null;
    this.#call('io.client.emit', said, name, ...pack(args), token, ms, Boolean(isVolatile));
    return this;
  }

  emitWithAck(name, ...args) {
    return withAck(true, (callback) => {
      this.emit(name, ...args, Object.assign(callback, { hasError: true }));
    });
  }

  send(...args) {
    this.emit('message', ...args);
    return this;
  }

  timeout(timeout) {
    this.#flags.timeout = timeout;
    return this;
  }

  get volatile() {
    this.#flags.volatile = true;
    return this;
  }

  compress() {
    return this;
  }

  disconnect() {
    if (this.active) this.#call('io.client.disconnect', 'socket.disconnect()');
    this.#leave();
    if (this.connected) this.#closed('io client disconnect');
    return this;
  }

  close() {
    return this.disconnect();
  }

  _connected(id, recovered) {
    if (!this.active) return;
    Object.assign(this, { id, recovered, connected: true });
    for (const [name, args] of this.#unsaid.splice(0)) this._outgoing(name, args);
    this._tell('connect');
  }

  /** `isFinal`: the server refused it, and nobody tries again by himself. */
  _refused(error, isFinal) {
    if (!this.active) return;
    if (isFinal) this.#leave();
    this._tell('connect_error', error);
  }

  /** Nobody tries any more, until the program does. */
  _givenUp() {
    this.#isWanted = false;
  }

  #leave() {
    this.active = false;
    this.#isWanted = false;
    this.io._left();
  }

  _disconnected(reason) {
    if (!this.connected) return;
    const isFinal = reason in REASONS;
    if (isFinal) this.#leave();
    const details = { description: `${this.io.engine.transport.name} connection closed` };
    this.#closed(REASONS[reason] ?? reason, reason === 'transport close' ? details : undefined);
  }

  #closed(reason, details) {
    this.connected = false;
    this.id = undefined;
    this._tell('disconnect', reason, details);
    this.#acks.lost();
  }

  _event(name, json, attachments, ack) {
    if (!this.connected) return;
    const args = unpack(json, attachments);
    if (ack !== null && ack !== undefined) {
      args.push(answer((said, ...packed) => this.#call('io.client.ack', said, ack, ...packed)));
    }
    this._incoming([name, ...args]);
    this._tell(name, ...args);
  }

  _acked(token, json, attachments) {
    this.#acks.acked(token, json, attachments);
  }

  _ackTimedOut(token) {
    this.#acks.timedOut(token);
  }

  /** While it is connected its end is told next, and answers all who wait after its own event. */
  _ackLost(token) {
    if (!this.connected) this.#acks.fail(token, 'socket has been disconnected');
  }
}
catchAll.extend(Socket);

module.exports = Socket;
