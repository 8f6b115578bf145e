// TCP: servers and sockets, as node's module of that name.

const core = require('internal/core');
const handles = require('internal/handles');
const Listener = require('internal/listener');
const { Socket, normalize } = require('internal/net-socket');
const ip = () => require('internal/ip');

class Server extends Listener {
  #connections = 0;

  constructor(options, listener) {
    super();
    if (typeof options === 'function') [options, listener] = [{}, options];
    if (options !== undefined && options !== null && typeof options !== 'object') {
      throw require('internal/errors').invalidType('options', 'of type object', options);
    }
    const { allowHalfOpen, pauseOnConnect, highWaterMark, noDelay } = options ?? {};
    Object.assign(this, { allowHalfOpen: Boolean(allowHalfOpen), noDelay: Boolean(noDelay) });
    Object.assign(this, { pauseOnConnect: Boolean(pauseOnConnect), highWaterMark });
    this.maxConnections = undefined;
    if (listener) this.on('connection', listener);
  }

  _listen(id, port, backlog, said) {
    host.call('tcp.listen', said, id, port, backlog);
  }

  _close(id, said) {
    host.call('tcp.close-server', said, id);
    handles.remove(id);
  }

  _busy() {
    return this.#connections > 0;
  }

  _news() {
    return { accepted: (id, ...ends) => this.#accept(id, ends) };
  }

  #accept(id, ends) {
    if (this.maxConnections !== undefined && this.#connections >= this.maxConnections) {
      host.call('tcp.destroy', '', id);
      const [localAddress, localPort, remoteAddress, remotePort] = ends;
      const family = 'IPv4';
      this.emit('drop', {
        localAddress, localPort, localFamily: family,
        remoteAddress, remotePort, remoteFamily: family,
      });
      return;
    }
    const options = { allowHalfOpen: this.allowHalfOpen, pauseOnCreate: this.pauseOnConnect };
    if (this.highWaterMark !== undefined) options.highWaterMark = this.highWaterMark;
    const socket = new Socket(options, { id, ends });
    if (this.noDelay) socket.setNoDelay(true);
    this.#connections += 1;
    socket.server = this;
    this.emit('connection', socket);
  }

  _lost() {
    this.#connections -= 1;
    this._closeIfIdle();
  }

  getConnections(callback) {
    const count = this.#connections;
    core.nextTick(() => core.invoke('getConnections callback', callback, this, null, count));
    return this;
  }
}

function connect(...args) {
  const [options] = normalize(args);
  return new Socket(options).connect(...args);
}

module.exports = {
  connect,
  createConnection: connect,
  createServer: (options, listener) => new Server(options, listener),
  isIP: (text) => ip().isIP(text),
  isIPv4: (text) => ip().isIPv4(text),
  isIPv6: (text) => ip().isIPv6(text),
  Server,
  Socket,
  Stream: Socket,
};
