// An HTTP server: a listener on the host's web machine. WebSocket and Socket.IO servers attach
// themselves to one through its site. There are no events 'connection' and 'clientError': the
// machine takes connections, and answers what is no good HTTP, by itself.

const core = require('internal/core');
const handles = require('internal/handles');
const symbols = require('internal/symbols');
const words = require('internal/words');
const Listener = require('internal/listener');
const HttpSocket = () => require('internal/http-socket');
const IncomingMessage = () => require('internal/http-incoming');
const ServerResponse = () => require('internal/http-response');
const UpgradeSocket = () => require('internal/http-upgrade');

/** What is attached to a server, and what the machine beneath must know of it. */
class Site {
  /** The options of the WebSockets and of Socket.IO, for the machine; null if there are none. */
  webSocket = null;
  socketIo = null;
  /** What Socket.IO hears, by kinds of news. */
  news = {};
  /** Says whether somebody is connected who keeps a closed server from being over. */
  busy = [];
  /** The words of its listening, if another constructor makes it listen. */
  said = null;
  /** Where it listens; null while it does not. */
  id = null;
  #telling = false;
  #told = null;

  /** Tells the machine at the end of the turn, so that all that is attached in it counts. */
  changed(server) {
    if (this.#telling) return;
    this.#telling = true;
    core.defer(() => {
      this.#telling = false;
      if (this.id === null) return;
      const hasUpgrades = server.listenerCount('upgrade') > 0;
      const webSocket = this.webSocket ?? (hasUpgrades ? {} : null);
      const defaults = { maxPayload: 104857600, perMessageDeflate: false, protocols: [] };
      const options = JSON.stringify({
        webSocket: webSocket && { ...defaults, ...webSocket },
        socketIo: this.socketIo,
      });
      if (options === this.#told) return;
      this.#told = options;
      host.call('web.options', '', this.id, options);
    });
  }

  /** Whether the machine knows already what is attached. */
  get isTold() {
    return this.#told !== null;
  }

  opened(id) {
    this.id = id;
    this.#told = null;
  }
}

class Server extends Listener {
  #site = new Site();
  #given;
  #answering = new Map();

  timeout = 0;
  keepAliveTimeout = 5000;
  headersTimeout = 60000;
  requestTimeout = 300000;
  maxHeadersCount = null;
  maxRequestsPerSocket = 0;

  /** What is attached to a server; undefined for what is no server of HTTP. */
  static site(server) {
    return typeof server === 'object' && server !== null && #site in server
      ? server.#site : undefined;
  }

  constructor(options, listener) {
    super();
    const [given, set] = typeof options === 'function' ? [options, {}] : [listener, options ?? {}];
    if (set.keepAliveTimeout !== undefined) this.keepAliveTimeout = set.keepAliveTimeout;
    this.#given = given;
    if (given) this.on('request', given);
    const heard = (event) => event === 'upgrade' && this.#site.changed(this);
    this.on('newListener', symbols.owned(heard));
  }

  [symbols.words](event, args) {
    if (event !== 'request' && event !== 'upgrade') return super[symbols.words](event, args);
    const [{ method, url }] = args;
    const isGiven = event === 'request' && this.#given;
    return `${isGiven ? 'createServer callback' : `server.on("${event}")`} ${method} ${url}`;
  }

  _listen(id, port, backlog, said) {
    this.#site.opened(id);
    host.call('web.listen', this.#site.said ?? said, id, port);
    this.#site.changed(this);
  }

  _close(id, said) {
    this.#site.id = null;
    host.call('web.close', said, id);
  }

  _busy() {
    return this.#answering.size > 0 || this.#site.busy.some((busy) => busy());
  }

  _news() {
    // The same object as the site's, so that what is attached later is heard too.
    return Object.assign(this.#site.news, {
      request: (connection, method, target, headers, octets, address, port) => {
        const socket = new (HttpSocket())(address, port, (said) => {
          host.call('web.destroy', said, connection);
          core.setImmediate(() => this.#gone(connection));
        });
        const req = new (IncomingMessage())(socket, headers, octets);
        Object.assign(req, { method, url: target });
        this.#ask(connection, req);
      },
      upgrade: (connection, method, target, headers, address, port) => {
        const socket = new (UpgradeSocket())(connection, address, port);
        const req = new (IncomingMessage())(socket, headers, new Uint8Array(0));
        Object.assign(req, { method, url: target });
        if (!this.emit('upgrade', req, socket, require('buffer').Buffer.alloc(0))) socket.refuse(400);
      },
    });
  }

  #ask(connection, req) {
    const res = new (ServerResponse())(req, connection, this.keepAliveTimeout);
    this.#answering.set(connection, { req, res });
    handles.add(connection, {
      gone: () => this.#gone(connection),
      drained: (waiting) => res._drained(waiting),
    });
    res.on('close', symbols.owned(() => {
      if (this.#answering.get(connection)?.res !== res) return;
      this.#answering.delete(connection);
      handles.remove(connection);
      this._closeIfIdle();
    }));
    this.emit('request', req, res);
  }

  /** The connection is over before the answer is. */
  #gone(connection) {
    const under = this.#answering.get(connection);
    if (!under) return;
    under.req.socket.destroyed = true;
    under.req._abort();
    core.nextTick(() => under.res._close());
  }

  closeAllConnections() {
    for (const { req } of [...this.#answering.values()]) req.socket.destroy();
  }

  /** The machine closes idle connections itself. */
  closeIdleConnections() {}

  setTimeout(ms, callback) {
    if (callback) this.on('timeout', callback);
    this.timeout = ms;
    return this;
  }
}

module.exports = { Server, site: Server.site };
