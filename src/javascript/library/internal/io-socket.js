// A client in a namespace, as the server sees it.

const EventEmitter = require('events');
const core = require('internal/core');
const symbols = require('internal/symbols');
const words = require('internal/words');
const BroadcastOperator = () => require('internal/io-operator');
const catchAll = require('internal/io-catch-all');
const packing = () => require('internal/io-arguments');

const FOREVER = 2 ** 31 - 1;

class Socket extends EventEmitter {
  #acks = new (packing().Acks)();
  #middlewares = [];
  #flags = {};
  #early = [];
  #isOver = false;

  connected = false;
  recovered = false;
  data = {};

  constructor(namespace, id, handshake, client) {
    super();
    Object.assign(this, { nsp: namespace, id, handshake, client });
    this.on('error', symbols.owned(() => {}));
  }

  [symbols.words](event, args) {
    return words.on('socket', event, args);
  }

  get server() {
    return this.nsp.server;
  }

  get adapter() {
    return this.nsp.adapter;
  }

  get conn() {
    return this.client.conn;
  }

  get request() {
    return this.client.request;
  }

  get rooms() {
    return this.adapter.sids.get(this.id) ?? new Set();
  }

  get disconnected() {
    return !this.connected;
  }

  /** Calls the host, once it has let the client in; never after its end. */
  #call(op, said, ...args) {
    if (this.#isOver) return;
    const give = () => this.server._call(op, said, this.id, ...args);
    if (this.connected) give();
    else this.#early.push(give);
  }

  /** The host has let it in. */
  _connected(recovered) {
    this.recovered = recovered;
    this.connected = true;
    this.adapter.add(this.id, this.id);
    for (const give of this.#early.splice(0)) give();
  }

  emit(name, ...args) {
    packing().checkName(name);
    const { timeout, volatile: isVolatile } = this.#flags;
    this.#flags = {};
    const flags = `${isVolatile ? '.volatile' : ''}${timeout >= 0 ? `.timeout(${timeout})` : ''}`;
    const said = words.call(`socket${flags}.emit`, name, ...args);
    const callback = typeof args.at(-1) === 'function' ? args.pop() : null;
    this._outgoing(name, args);
    const token = callback && this.#acks.expect(callback, timeout);
    this.#emit(said, name, args, token, callback ? timeout : null, Boolean(isVolatile));
    return true;
  }

  #emit(said, name, args, token, timeout, isVolatile) {
    const ms = timeout === undefined || timeout === null ? null : Math.min(timeout, FOREVER);
    this.#call('io.emit', said, name, ...packing().pack(args), token, ms, isVolatile);
  }

  /** One of those whom a broadcast asks. */
  _ask(said, name, args, callback, timeout) {
    const token = this.#acks.expect(callback, timeout);
    this.#emit(said, name, args, token, timeout === Infinity ? null : timeout, false);
  }

  emitWithAck(name, ...args) {
    const hasTimeout = this.#flags.timeout !== undefined;
    return packing().withAck(hasTimeout, (callback) => this.emit(name, ...args, callback));
  }

  send(...args) {
    this.emit('message', ...args);
    return this;
  }

  write(...args) {
    return this.send(...args);
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

  #others(said) {
    const flags = { ...this.#flags };
    this.#flags = {};
    return new (BroadcastOperator())(this.nsp, said, new Set(), new Set([this.id]), flags);
  }

  to(room) {
    return this.#others('socket').to(room);
  }

  in(room) {
    return this.#others('socket').in(room);
  }

  except(room) {
    return this.#others('socket').except(room);
  }

  get broadcast() {
    return this.#others('socket.broadcast');
  }

  get local() {
    return this.#others('socket').local;
  }

  join(rooms) {
    for (const room of [rooms].flat()) {
      if (this.rooms.has(room) || this.#isOver) continue;
      this.adapter.add(this.id, room);
      this.#call('io.join', words.call('socket.join', room), room);
    }
  }

  leave(room) {
    if (!this.rooms.has(room)) return;
    this.adapter.delete(this.id, room);
    this.#call('io.leave', words.call('socket.leave', room), room);
  }

  disconnect(close = false) {
    if (!this.connected) return this;
    this.#call('io.disconnect', `socket.disconnect(${close || ''})`, Boolean(close));
    this._closed('server namespace disconnect');
    return this;
  }

  /** It is over, whoever ended it. */
  _closed(reason) {
    if (!this.connected) {
      this.#isOver = true;
      this.adapter.remove(this.id);
      return;
    }
    this.#tell('disconnecting', reason);
    this.nsp._left(this, reason);
    this.connected = false;
    this.#isOver = true;
    this.#tell('disconnect', reason);
  }

  #tell(name, ...args) {
    EventEmitter.prototype.emit.call(this, name, ...args);
  }

  use(middleware) {
    this.#middlewares.push(middleware);
    return this;
  }

  /** An event came. */
  _event(name, json, attachments, ack) {
    const args = packing().unpack(json, attachments);
    if (ack !== null && ack !== undefined) {
      const give = (said, ...packed) => this.#call('io.ack', said, ack, ...packed);
      args.push(packing().answer(give));
    }
    const event = [name, ...args];
    this._incoming(event);
    this.#run(event, 0, (error) => core.nextTick(() => {
      if (error) this.#tell('error', error);
      else if (this.connected) this.#tell(...event);
    }));
  }

  #run(event, at, done) {
    const middleware = this.#middlewares[at];
    if (!middleware) {
      done();
      return;
    }
    const next = (error) => (error ? done(error) : this.#run(event, at + 1, done));
    core.invoke(`socket.use() ${words.list(event)}`, middleware, this, event, next);
  }

  _acked(token, json, attachments) {
    this.#acks.acked(token, json, attachments);
  }

  _ackTimedOut(token) {
    this.#acks.timedOut(token);
  }

  _ackLost(token) {
    this.#acks.lateLost(token);
  }
}
catchAll.extend(Socket);

module.exports = Socket;
