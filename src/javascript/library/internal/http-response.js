// A server's answer: given to the host whole if it is ended at once, or head, parts and end.

const buffer = () => require('buffer');
const core = require('internal/core');
const symbols = require('internal/symbols');
const words = require('internal/words');
const errors = () => require('internal/net-errors');
const Backlog = require('internal/backlog');
const { STATUS_CODES } = require('internal/http-names');
const OutgoingMessage = require('internal/http-outgoing');

const [UNDECIDED, WHOLE, PARTS] = [0, 1, 2];

class ServerResponse extends OutgoingMessage {
  #connection;
  #keepAlive;
  #form = UNDECIDED;
  #begun = false;
  #gathered = [];
  #said = 'res.end()';
  #backlog = new Backlog();
  #closed = false;

  statusCode = 200;
  statusMessage = undefined;

  constructor(req, connection, keepAliveTimeout) {
    super();
    this.req = req;
    this.socket = req.socket;
    this.connection = req.socket;
    this.#connection = connection;
    this.#keepAlive = keepAliveTimeout;
    this.on('finish', symbols.owned(() => {
      req._dump();
      core.nextTick(() => this._close());
    }));
  }

  [symbols.words](event, args) {
    return words.on('res', event, args);
  }

  /** `writeHead(status[, reason][, headers])`. */
  writeHead(status, reason, headers) {
    this._unsent();
    const code = status | 0;
    if (code < 100 || code > 999) {
      const message = `Invalid status code: ${status}`;
      throw errors().coded(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', message);
    }
    this.statusCode = code;
    if (typeof reason === 'string') this.statusMessage = reason;
    this._fields.take(typeof reason === 'string' ? headers : reason ?? headers);
    this.#decide(PARTS);
    return this;
  }

  /** What the length is known of, or what has no body, goes out whole. */
  #decide(form) {
    this._head();
    this.statusMessage ??= STATUS_CODES[this.statusCode] ?? 'unknown';
    const known = this.req.method === 'HEAD' || [204, 304].includes(this.statusCode)
      || this._fields.has('content-length');
    this.#form = known ? WHOLE : form;
  }

  #headers() {
    const list = this._fields.list(['content-length', 'transfer-encoding']);
    if (this.sendDate && !this._fields.has('date')) list.push('Date', new Date().toUTCString());
    if (this._fields.has('connection')) return list;
    const asked = this.req.headers.connection ?? '';
    if (/\bclose\b/i.test(asked)) return [...list, 'Connection', 'close'];
    list.push('Connection', 'keep-alive');
    const seconds = Math.floor(this.#keepAlive / 1000);
    if (seconds > 0) list.push('Keep-Alive', `timeout=${seconds}`);
    return list;
  }

  #begin() {
    if (this.#begun) return;
    this.#begun = true;
    const said = words.call('res.writeHead', this.statusCode);
    const facts = [this.statusCode, this.statusMessage, this.#headers()];
    host.call('web.head', said, this.#connection, ...facts);
  }

  flushHeaders() {
    if (!this.headersSent) this.#decide(PARTS);
    if (this.#form === PARTS) this.#begin();
  }

  _write(chunk, encoding, callback) {
    if (this.#form === UNDECIDED) this.#decide(PARTS);
    if (this.#form === WHOLE) {
      this.#gathered.push(chunk);
      callback();
      return;
    }
    this.#begin();
    host.call('web.part', words.call('res.write', chunk), this.#connection, chunk);
    this.#backlog.sent(chunk.length, callback);
  }

  end(chunk, encoding, callback) {
    const given = typeof chunk === 'function' ? undefined : chunk;
    if (given !== undefined && given !== null) this.#said = words.call('res.end', given);
    if (!this.headersSent && !this.writableEnded) this.#decide(WHOLE);
    return super.end(chunk, encoding, callback);
  }

  _final(callback) {
    if (!this.#closed) this.#finish();
    callback();
  }

  #finish() {
    if (this.#form === PARTS) {
      this.#begin();
      host.call('web.finish', this.#said, this.#connection);
      return;
    }
    const facts = [this.statusCode, this.statusMessage, this.#headers()];
    const body = buffer().Buffer.concat(this.#gathered);
    host.call('web.respond', this.#said, this.#connection, ...facts, body);
  }

  /** The answer is out, or nobody can get it any more. */
  _close() {
    if (this.#closed) return;
    this.#closed = true;
    super.destroy();
    this.emit('close');
  }

  _drained(waiting) {
    this.#backlog.drained(waiting);
  }

  destroy(error) {
    this.socket.destroy(error);
    return this;
  }

  writeContinue() {}

  setTimeout(ms, callback) {
    this.socket.setTimeout(ms, callback);
    return this;
  }
}

module.exports = ServerResponse;
