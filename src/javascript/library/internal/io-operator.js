// Whom a broadcast reaches: rooms, without some, with flags. Each call gives a new one.

const core = require('internal/core');
const words = require('internal/words');
const { pack, withAck, checkName } = require('internal/io-arguments');

const listOf = (rooms) => [rooms].flat();

class BroadcastOperator {
  #namespace;
  #rooms;
  #except;
  #flags;
  #said;

  constructor(namespace, said, rooms = new Set(), except = new Set(), flags = {}) {
    this.#namespace = namespace;
    this.#said = said;
    this.#rooms = rooms;
    this.#except = except;
    this.#flags = flags;
  }

  #with(said, changes) {
    const { rooms = this.#rooms, except = this.#except, flags = this.#flags } = changes;
    return new BroadcastOperator(this.#namespace, this.#said + said, rooms, except, flags);
  }

  to(room) {
    const rooms = new Set([...this.#rooms, ...listOf(room)]);
    return this.#with(`.${words.call('to', room)}`, { rooms });
  }

  in(room) {
    const rooms = new Set([...this.#rooms, ...listOf(room)]);
    return this.#with(`.${words.call('in', room)}`, { rooms });
  }

  except(room) {
    const except = new Set([...this.#except, ...listOf(room)]);
    return this.#with(`.${words.call('except', room)}`, { except });
  }

  timeout(timeout) {
    return this.#with(`.timeout(${timeout})`, { flags: { ...this.#flags, timeout } });
  }

  get volatile() {
    return this.#with('.volatile', { flags: { ...this.#flags, volatile: true } });
  }

  get local() {
    return this.#with('.local', {});
  }

  compress() {
    return this;
  }

  emit(name, ...args) {
    checkName(name);
    const said = words.call(`${this.#said}.emit`, name, ...args);
    if (typeof args.at(-1) === 'function') {
      this.#ask(said, name, args.slice(0, -1), args.at(-1));
      return true;
    }
    const [rooms, except] = [[...this.#rooms], [...this.#except]];
    const [json, attachments] = pack(args);
    const isVolatile = Boolean(this.#flags.volatile);
    const { name: place, server } = this.#namespace;
    server._call('io.broadcast', said, place, rooms, except, name, json, attachments, isVolatile);
    for (const socket of this._sockets()) {
      socket._outgoing(name, args);
    }
    return true;
  }

  /** Each is asked for itself; the callback gets all answers, or an error with those that came. */
  #ask(said, name, args, callback) {
    const responses = [];
    const sockets = this._sockets();
    let missing = sockets.length;
    let isLate = false;
    const done = () => {
      const error = isLate
        ? Object.assign(new Error('operation has timed out'), { responses }) : null;
      const errors = this.#flags.timeout === undefined ? [] : [error];
      const heard = `acknowledgements ${words.list(responses)}`;
      core.invoke(heard, callback, undefined, ...errors, responses);
    };
    if (missing === 0) done();
    for (const [at, socket] of sockets.entries()) {
      const one = (error, response) => {
        missing -= 1;
        if (error) isLate = true;
        else responses.push(response);
        if (missing === 0) done();
      };
      socket._ask(at === 0 ? said : '', name, args, one, this.#flags.timeout ?? Infinity);
    }
  }

  emitWithAck(name, ...args) {
    const hasTimeout = this.#flags.timeout !== undefined;
    return withAck(hasTimeout, (callback) => this.emit(name, ...args, callback));
  }

  /** The sockets that it reaches. */
  _sockets() {
    const touches = (socket, rooms) => [...rooms].some((room) => socket.rooms.has(room));
    return [...this.#namespace.sockets.values()].filter((socket) => (
      (this.#rooms.size === 0 || touches(socket, this.#rooms)) && !touches(socket, this.#except)
    ));
  }

  fetchSockets() {
    return Promise.resolve(this._sockets());
  }

  allSockets() {
    return Promise.resolve(new Set(this._sockets().map((socket) => socket.id)));
  }

  socketsJoin(rooms) {
    for (const socket of this._sockets()) socket.join(rooms);
  }

  socketsLeave(rooms) {
    for (const socket of this._sockets()) for (const room of listOf(rooms)) socket.leave(room);
  }

  disconnectSockets(close = false) {
    for (const socket of this._sockets()) socket.disconnect(close);
  }
}

module.exports = BroadcastOperator;
