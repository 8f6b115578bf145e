// Listeners for whatever event: onAny and its like, as both packages of Socket.IO have them.

const core = require('internal/core');
const words = require('internal/words');

/** Gives a class `onAny`, `prependAny`, `offAny`, `listenersAny`, and the same of what goes out. */
exports.extend = (Class) => {
  Object.assign(Class.prototype, {
    _incoming(event) {
      for (const listener of [...this.listenersAny()]) {
        core.invoke(`socket.onAny() ${words.list(event)}`, listener, this, ...event);
      }
    },
    _outgoing(name, args) {
      for (const listener of [...this.listenersAnyOutgoing()]) {
        const said = `socket.onAnyOutgoing() ${words.list([name, ...args])}`;
        core.invoke(said, listener, this, name, ...args);
      }
    },
  });
  for (const name of ['Any', 'AnyOutgoing']) {
    const lists = new WeakMap();
    const listOf = (socket) => {
      if (!lists.has(socket)) lists.set(socket, []);
      return lists.get(socket);
    };
    Object.assign(Class.prototype, {
      [`on${name}`](listener) {
        listOf(this).push(listener);
        return this;
      },
      [`prepend${name}`](listener) {
        listOf(this).unshift(listener);
        return this;
      },
      [`off${name}`](listener) {
        const list = listOf(this);
        const at = list.indexOf(listener);
        if (listener === undefined) list.length = 0;
        else if (at >= 0) list.splice(at, 1);
        return this;
      },
      [`listeners${name}`]() {
        return listOf(this);
      },
    });
  }
};
