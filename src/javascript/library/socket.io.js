// The package socket.io: a server over the host's own Socket.IO machine.

const EventEmitter = require('events');
const words = require('internal/words');
const http = require('internal/http-server');
const Namespace = require('internal/io-namespace');
const Socket = require('internal/io-socket');
const begin = () => require('internal/io-handshake');

const DEFAULTS = {
  path: '/socket.io',
  connectTimeout: 45000,
  pingInterval: 25000,
  pingTimeout: 20000,
  maxHttpBufferSize: 1e6,
  transports: ['polling', 'websocket'],
};

class Server {
  #namespaces = new Map();
  #places = new Map();
  #isAttached = false;

  constructor(server, options) {
    const isOptions = server !== null && typeof server === 'object' && !http.site(server)
      && typeof server.listen !== 'function';
    const [given, set] = isOptions ? [undefined, server] : [server, options];
    const recovery = set?.connectionStateRecovery;
    this.opts = { ...DEFAULTS, ...set };
    this._recovery = recovery && { maxDisconnectionDuration: 120000, ...recovery };
    this.sockets = this.of('/');
    this.engine = new EventEmitter();
    Object.defineProperty(this.engine, 'clientsCount', { get: () => this.sockets.sockets.size });
    if (given !== undefined && given !== null) this.#attach(given, set, 'new Server');
  }

  attach(server, options) {
    return this.#attach(server, options, 'io.listen');
  }

  listen(server, options) {
    return this.#attach(server, options, 'io.listen');
  }

  #attach(given, options, said) {
    if (typeof given === 'function') {
      throw new Error('You are trying to attach socket.io to an express request handler function. '
        + 'Please pass a http.Server instance.');
    }
    const isPort = typeof given === 'number' || (typeof given === 'string' && Number(given) >= 0);
    Object.assign(this.opts, options);
    this.httpServer = isPort ? new http.Server((req, res) => res.writeHead(404).end()) : given;
    const site = http.site(this.httpServer);
    if (!site) throw new Error('Socket.IO attaches to a port or to a server of node:http only');
    this.#isAttached = true;
    Object.assign(site.news, this.#news());
    site.busy.push(() => this._clients() > 0);
    this.#changed();
    if (isPort) {
      site.said = words.call(said, Number(given), ...(options ? [options] : []));
      this.httpServer.listen(Number(given));
    }
    return this;
  }

  /** Tells the machine how it is set, and which namespaces there are. */
  #changed() {
    const site = http.site(this.httpServer);
    const { path, pingInterval, pingTimeout, maxHttpBufferSize } = this.opts;
    const { transports, connectTimeout, cors } = this.opts;
    site.socketIo = {
      path: `${path.replace(/\/$/, '')}/`,
      pingInterval,
      pingTimeout,
      maxHttpBufferSize,
      connectTimeout,
      transports: transports.filter((it) => it !== 'webtransport'),
      namespaces: [...this.#namespaces.keys()],
      recovery: this._recovery
        ? { maxDisconnectionDuration: this._recovery.maxDisconnectionDuration } : null,
      cors: cors ? '*' : null,
    };
    site.changed(this.httpServer);
  }

  /** A namespace was made: in time for the options, or later. */
  #came(name) {
    if (http.site(this.httpServer).isTold) {
      this._call('io.namespace', words.call('io.of', name), name);
    } else {
      this.#changed();
    }
  }

  /** How many clients there are, in whatever namespace. */
  _clients() {
    return [...this.#namespaces.values()].reduce((sum, place) => sum + place.sockets.size, 0);
  }

  _call(op, said, ...args) {
    const id = http.site(this.httpServer)?.id ?? null;
    if (id !== null) host.call(op, said, id, ...args);
  }

  #news() {
    const found = (id) => this.#places.get(id);
    const socket = (id) => found(id)?.sockets.get(id);
    return {
      'io.connecting': (...facts) => this.#asked(...facts),
      'io.connected': (id, name, recovered) => {
        this.#places.set(id, this.#namespaces.get(name));
        found(id)?._connected(id, recovered);
      },
      'io.event': (id, ...event) => socket(id)?._event(...event),
      'io.acked': (id, ...facts) => socket(id)?._acked(...facts),
      'io.ack-timeout': (id, token) => socket(id)?._ackTimedOut(token),
      'io.ack-lost': (id, token) => socket(id)?._ackLost(token),
      'io.disconnected': (id, reason) => {
        const place = found(id);
        this.#places.delete(id);
        place?._disconnected(id, reason);
        this.httpServer._closeIfIdle();
      },
    };
  }

  #asked(id, name, ...facts) {
    const namespace = this.#namespaces.get(name);
    if (!namespace) return;
    this.#places.set(id, namespace);
    const end = () => namespace.sockets.get(id)?.disconnect(true);
    const { handshake, client } = begin()(...facts, end);
    namespace._asked(id, handshake, client);
  }

  of(name, listener) {
    if (typeof name !== 'string') {
      throw new Error('namespaces by a pattern or a function are not there');
    }
    const place = name.startsWith('/') ? name : `/${name}`;
    if (!this.#namespaces.has(place)) {
      const namespace = new Namespace(this, place);
      this.#namespaces.set(place, namespace);
      if (place !== '/') this.sockets._tell('new_namespace', namespace);
      if (this.#isAttached) this.#came(place);
    }
    const namespace = this.#namespaces.get(place);
    if (listener) namespace.on('connect', listener);
    return namespace;
  }

  path(path) {
    if (path === undefined) return this.opts.path;
    this.opts.path = path;
    return this;
  }

  get _nsps() {
    return this.#namespaces;
  }

  get volatile() {
    return this.sockets.volatile;
  }

  get local() {
    return this.sockets.local;
  }

  close(callback) {
    for (const namespace of this.#namespaces.values()) {
      for (const socket of [...namespace.sockets.values()]) socket._closed('server shutting down');
    }
    this._call('io.close', 'io.close()');
    return new Promise((resolve) => {
      const done = (error) => {
        callback?.(error);
        resolve();
      };
      if (this.httpServer) this.httpServer.close(done);
      else done();
    });
  }
}

// A server is its main namespace, to listen to and to send from.
const OWN = ['use', 'send', 'write', 'emit', 'serverSideEmit', ...Namespace.BROADCASTS];
const emitter = Object.keys(EventEmitter.prototype)
  .filter((name) => typeof EventEmitter.prototype[name] === 'function');
for (const name of new Set([...OWN, ...emitter])) {
  Server.prototype[name] = function main(...args) {
    const given = this.sockets[name](...args);
    return given === this.sockets ? this : given;
  };
}

module.exports = Object.assign((server, options) => new Server(server, options), {
  Server,
  Namespace,
  Socket,
});
