// A namespace of a Socket.IO server: its clients, its rooms, who is let in.

const EventEmitter = require('events');
const core = require('internal/core');
const symbols = require('internal/symbols');
const words = require('internal/words');
const Socket = require('internal/io-socket');
const BroadcastOperator = () => require('internal/io-operator');
const packing = () => require('internal/io-arguments');

/** Who is in which room: what the machine beneath knows too, for the program to read. */
class Adapter {
  rooms = new Map();
  sids = new Map();

  add(id, room) {
    if (!this.sids.has(id)) this.sids.set(id, new Set());
    if (!this.rooms.has(room)) this.rooms.set(room, new Set());
    this.sids.get(id).add(room);
    this.rooms.get(room).add(id);
  }

  delete(id, room) {
    this.sids.get(id)?.delete(room);
    const members = this.rooms.get(room);
    members?.delete(id);
    if (members?.size === 0) this.rooms.delete(room);
  }

  remove(id) {
    for (const room of this.sids.get(id) ?? []) this.delete(id, room);
    this.sids.delete(id);
  }
}

class Namespace extends EventEmitter {
  #middlewares = [];
  /** Those who wait to be let in, and those who may come back, by their ids. */
  #asking = new Map();
  #away = new Map();

  sockets = new Map();
  adapter = new Adapter();

  constructor(server, name) {
    super();
    Object.assign(this, { server, name });
  }

  get #said() {
    return this.name === '/' ? 'io' : words.call('io.of', this.name);
  }

  [symbols.words](event, args) {
    return words.on(this.#said, event, args);
  }

  /** A broadcast from here. */
  _operator() {
    return new (BroadcastOperator())(this, this.#said);
  }

  get volatile() {
    return this._operator().volatile;
  }

  get local() {
    return this._operator().local;
  }

  emit(name, ...args) {
    packing().checkName(name, ['connection', 'new_namespace']);
    return this._operator().emit(name, ...args);
  }

  send(...args) {
    this.emit('message', ...args);
    return this;
  }

  write(...args) {
    return this.send(...args);
  }

  serverSideEmit() {
    throw new Error('this adapter does not support the serverSideEmit() functionality');
  }

  use(middleware) {
    this.#middlewares.push(middleware);
    return this;
  }

  _tell(name, ...args) {
    return EventEmitter.prototype.emit.call(this, name, ...args);
  }

  /** A client asks to be let in. */
  _asked(id, handshake, client) {
    const socket = new Socket(this, id, handshake, client);
    this.#asking.set(id, socket);
    this.#run(socket, 0, (error) => core.nextTick(() => this.#answer(socket, error)));
  }

  #run(socket, at, done) {
    const middleware = this.#middlewares[at];
    if (!middleware) {
      done();
      return;
    }
    const next = (error) => (error ? done(error) : this.#run(socket, at + 1, done));
    core.invoke(`${this.#said}.use()`, middleware, this, socket, next);
  }

  #answer(socket, error) {
    if (this.#asking.get(socket.id) !== socket) return;
    if (!error) {
      this.server._call('io.accept', '', socket.id);
      return;
    }
    this.#asking.delete(socket.id);
    const data = error.data === undefined ? null : JSON.stringify(error.data);
    const said = words.call('next', error);
    this.server._call('io.refuse', said, socket.id, String(error.message), data);
  }

  /** The host let a client in: one that asked, or one that comes back. */
  _connected(id, recovered) {
    let socket = this.#asking.get(id);
    this.#asking.delete(id);
    if (!socket) {
      const before = this.#away.get(id);
      if (!before) return;
      socket = new Socket(this, id, before.handshake, before.client);
      socket.data = before.data;
      for (const room of before.rooms) this.adapter.add(id, room);
    }
    this.#away.delete(id);
    this.sockets.set(id, socket);
    socket._connected(recovered);
    this._tell('connect', socket);
    this._tell('connection', socket);
  }

  /** A client is gone; for a while it may come back as it was. */
  _left(socket, reason) {
    const { id, handshake, client, data } = socket;
    const recovery = this.server._recovery;
    if (recovery && !reason.endsWith('namespace disconnect')) {
      const away = { handshake, client, data, rooms: [...socket.rooms] };
      this.#away.set(id, away);
      core.setTimeout(() => {
        if (this.#away.get(id) === away) this.#away.delete(id);
      }, recovery.maxDisconnectionDuration);
    }
    this.sockets.delete(id);
    this.adapter.remove(id);
  }

  /** The host says that a client is gone. */
  _disconnected(id, reason) {
    const socket = this.sockets.get(id) ?? this.#asking.get(id);
    this.#asking.delete(id);
    socket?._closed(reason);
  }
}

/** What a namespace does by making a broadcast of its own. */
Namespace.BROADCASTS = [
  'to', 'in', 'except', 'timeout', 'compress', 'emitWithAck', 'fetchSockets', 'allSockets',
  'socketsJoin', 'socketsLeave', 'disconnectSockets',
];
for (const name of Namespace.BROADCASTS) {
  Namespace.prototype[name] = function broadcast(...args) {
    return this._operator()[name](...args);
  };
}

module.exports = Namespace;
