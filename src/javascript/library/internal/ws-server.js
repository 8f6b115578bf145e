// The WebSocket server of the package ws, on an HTTP server of its own, on a given one, or on none.

const EventEmitter = require('events');
const core = require('internal/core');
const symbols = require('internal/symbols');
const words = require('internal/words');
const WebSocket = require('internal/ws-socket');
const http = () => require('internal/http-server');
const names = () => require('internal/http-names');

const [RUNNING, CLOSING, CLOSED] = [0, 1, 2];

const DEFAULTS = {
  allowSynchronousEvents: true,
  autoPong: true,
  maxPayload: 100 * 1024 * 1024,
  skipUTF8Validation: false,
  perMessageDeflate: false,
  handleProtocols: null,
  clientTracking: true,
  verifyClient: null,
  noServer: false,
  backlog: null,
  server: null,
  host: null,
  path: null,
  port: null,
  WebSocket,
};

/** Answers what is no request for a WebSocket, as ws does. */
function upgradeRequired(req, res) {
  const body = names().STATUS_CODES[426];
  res.writeHead(426, { 'Content-Length': body.length, 'Content-Type': 'text/plain' });
  res.end(body);
}

function abort(socket, code, message = names().STATUS_CODES[code], headers = {}) {
  const fields = { Connection: 'close', 'Content-Type': 'text/html', ...headers };
  const list = Object.entries(fields).flat().map(String);
  socket.refuse(code, list, message);
}

class WebSocketServer extends EventEmitter {
  #server = null;
  /** The same, and still there when it is closed but not over. */
  #base = null;
  #state = RUNNING;
  #isWaiting = false;
  #heard = {};

  constructor(options, callback) {
    super();
    this.options = { ...DEFAULTS, ...options };
    const { port, server, noServer, clientTracking } = this.options;
    const ways = [port !== null && port !== undefined, Boolean(server), Boolean(noServer)];
    if (ways.filter(Boolean).length !== 1) {
      throw new TypeError(
        'One and only one of the "port", "server", or "noServer" options must be specified',
      );
    }
    if (clientTracking) this.clients = new Set();
    if (noServer) return;
    this.#base = server || new (http().Server)(upgradeRequired);
    this.#server = this.#base;
    if (ways[0]) this.#listen(words.call('new WebSocketServer', options), callback);
    this.#attach();
  }

  [symbols.words](event, args) {
    if (event !== 'connection') return words.on('wss', event, args);
    return `wss.on("connection") ${args[1]?.url ?? ''}`.trim();
  }

  #attach() {
    const site = http().site(this.#server);
    if (!site) throw new TypeError('the option "server" must be an HTTP server of node:http');
    const { maxPayload, perMessageDeflate } = this.options;
    site.webSocket = { maxPayload, perMessageDeflate: Boolean(perMessageDeflate) };
    site.busy.push(() => this.clients?.size > 0);
    const connected = symbols.owned((socket, req) => this.emit('connection', socket, req));
    this.#heard = {
      listening: () => this.emit('listening'),
      error: (error) => this.emit('error', error),
      upgrade: (req, socket, head) => this.handleUpgrade(req, socket, head, connected),
    };
    for (const [event, heard] of Object.entries(this.#heard)) {
      this.#server.on(event, symbols.owned(heard));
    }
    site.changed(this.#server);
  }

  #detach() {
    for (const [event, heard] of Object.entries(this.#heard)) this.#server?.off(event, heard);
    const server = this.#server;
    this.#server = null;
    return server;
  }

  #listen(said, callback) {
    http().site(this.#server).said = said;
    const { port, host: name, backlog } = this.options;
    const options = { port, ...(name && { host: name }), ...(backlog && { backlog }) };
    this.#server.listen(options, ...(callback ? [callback] : []));
  }

  address() {
    if (this.options.noServer) throw new Error('The server is operating in "noServer" mode');
    return this.#server?.address() ?? null;
  }

  close(callback) {
    if (this.#state === CLOSED) {
      if (callback) this.once('close', () => callback(new Error('The server is not running')));
      core.nextTick(() => this.#closed());
      return;
    }
    if (callback) this.once('close', callback);
    if (this.#state === CLOSING) return;
    this.#state = CLOSING;
    const isOwn = !this.options.noServer && !this.options.server;
    const server = this.#detach();
    if (isOwn) server.close(() => this.#closed());
    else if (this.clients?.size > 0) this.#isWaiting = true;
    else core.nextTick(() => this.#closed());
  }

  #closed() {
    this.#state = CLOSED;
    this.emit('close');
  }

  shouldHandle(req) {
    return !this.options.path || req.url.split('?', 1)[0] === this.options.path;
  }

  /** The machine beneath has looked at the handshake already: what comes here is a valid one. */
  handleUpgrade(req, socket, head, callback) {
    if (!this.shouldHandle(req)) {
      abort(socket, 400);
      return;
    }
    const { verifyClient } = this.options;
    const info = { origin: req.headers.origin, secure: false, req };
    if (verifyClient?.length === 2) {
      const answer = (verified, code, message, headers) => {
        if (verified) this.#complete(req, socket, callback);
        else abort(socket, code || 401, message, headers);
      };
      core.invoke('verifyClient()', verifyClient, this.options, info, answer);
    } else if (verifyClient && !core.invoke('verifyClient()', verifyClient, this.options, info)) {
      abort(socket, 401);
    } else {
      this.#complete(req, socket, callback);
    }
  }

  #complete(req, socket, callback) {
    if (this.#state !== RUNNING) {
      abort(socket, 503);
      return;
    }
    const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',');
    const protocols = new Set(offered.map((it) => it.trim()).filter(Boolean));
    const { handleProtocols } = this.options;
    const chosen = handleProtocols && protocols.size > 0
      ? core.invoke('handleProtocols()', handleProtocols, this.options, protocols, req)
      : protocols.values().next().value;
    const id = socket.accept(chosen || null);
    if (id === null) {
      throw new Error('server.handleUpgrade() was called more than once with the same socket, '
        + 'possibly due to a misconfiguration');
    }
    const client = new this.options.WebSocket(null);
    client._accepted(id, chosen || null, socket);
    if (this.clients) {
      this.clients.add(client);
      client.on('close', symbols.owned(() => this.#left(client)));
    }
    if (callback[symbols.own]) callback(client, req);
    else core.invoke('handleUpgrade callback', callback, undefined, client, req);
  }

  #left(client) {
    this.clients.delete(client);
    if (this.#isWaiting && this.clients.size === 0) core.nextTick(() => this.#closed());
    this.#base?._closeIfIdle();
  }
}

module.exports = WebSocketServer;
