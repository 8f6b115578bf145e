// TCP: servers and sockets, as node's module of that name.

const core = require('internal/core');
const handles = require('internal/handles');
const { invalidType } = require('internal/errors');
const Listener = require('internal/listener');
const { Socket, normalize } = require('internal/net-socket');

class Server extends Listener {
  #connections = 0;

  constructor(options, listener) {
    super();
    if (typeof options === 'function') [options, listener] = [{}, options];
    if (options !== undefined && options !== null && typeof options !== 'object') {
      throw invalidType('options', 'of type object', options);
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

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const V4 = new RegExp(`^(?:${BYTE}\\.){3}${BYTE}$`);

/** Colons and groups of hexadecimal digits, at most one run of groups left out. */
function isIPv6(text) {
  const plain = String(text).replace(/%[0-9a-zA-Z.:-]+$/, '');
  const halves = plain.split('::');
  if (halves.length > 2 || !plain.includes(':')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = plain.endsWith('::') || plain.endsWith(':') ? undefined : groups.at(-1);
  const dotted = tail !== undefined && V4.test(tail);
  const hex = dotted ? groups.slice(0, -1) : groups;
  const count = hex.length + (dotted ? 2 : 0);
  const known = hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
  return known && (halves.length === 2 ? count < 8 : count === 8);
}

const isIPv4 = (text) => V4.test(String(text));

const isIP = (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

module.exports = {
  connect,
  createConnection: connect,
  createServer: (options, listener) => new Server(options, listener),
  isIP,
  isIPv4,
  isIPv6,
  Server,
  Socket,
  Stream: Socket,
};
