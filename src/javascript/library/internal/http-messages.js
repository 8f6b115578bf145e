// What servers and clients of HTTP have in common: the message that came, the one that is written,
// and what stands for the connection beneath.

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const { Readable, Writable } = require('stream');
const core = require('internal/core');
const symbols = require('internal/symbols');
const words = require('internal/words');
const errors = require('internal/net-errors');
const { Fields, joined } = require('internal/http-headers');

/** Stands for a connection: who is at its other end, and ending it. */
class HttpSocket extends EventEmitter {
  #end;

  destroyed = false;

  constructor(remoteAddress, remotePort, end) {
    super();
    const remoteFamily = 'IPv4';
    Object.assign(this, { remoteAddress, remotePort, remoteFamily, encrypted: false });
    this.#end = end;
  }

  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.#end('socket.destroy()', error);
    return this;
  }

  address() {
    return {};
  }

  setTimeout(ms, callback) {
    if (ms > 0 && callback) core.setTimeout(() => this.destroyed || callback(), ms);
    return this;
  }

  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }
}

/** A request as a server gets it, or a response as a client gets it. */
class IncomingMessage extends Readable {
  #distinct;
  #aborting = false;

  httpVersion = '1.1';
  httpVersionMajor = 1;
  httpVersionMinor = 1;
  complete = true;
  aborted = false;
  rawTrailers = [];
  trailers = {};

  constructor(socket, rawHeaders, octets) {
    super();
    const { headers, distinct } = joined(rawHeaders);
    Object.assign(this, { socket, connection: socket, rawHeaders, headers });
    this.#distinct = distinct;
    if (octets.length > 0) {
      this.push(Buffer.from(octets.buffer, octets.byteOffset, octets.length));
    }
    this.push(null);
  }

  [symbols.words](event, args) {
    return words.on(this.method === undefined ? 'res' : 'req', event, args);
  }

  get headersDistinct() {
    return this.#distinct;
  }

  _read() {}

  _destroy(error, callback) {
    if (!this.readableEnded) {
      this.aborted = true;
      this.emit('aborted');
    }
    if (!this.#aborting && !this.readableEnded) this.socket.destroy(error);
    // Nobody who does not listen for it need know that the peer went away.
    callback(this.#aborting && this.listenerCount('error') === 0 ? null : error);
  }

  /** The connection went away beneath it. */
  _abort() {
    this.#aborting = true;
    if (!this.readableEnded) this.destroy(errors.coded(Error, 'ECONNRESET', 'aborted'));
  }

  /** Nobody reads it: so read it. */
  _dump() {
    if (!this.readableFlowing && !this.destroyed) this.resume();
  }

  setTimeout(ms, callback) {
    this.socket.setTimeout(ms, callback);
    return this;
  }
}

/** A message that is written: its fields, until they are sent. */
class OutgoingMessage extends Writable {
  #headed = false;

  _fields = new Fields();
  sendDate = true;

  constructor() {
    super({ autoDestroy: false, emitClose: false });
  }

  get headersSent() {
    return this.#headed;
  }

  get finished() {
    return this.writableEnded;
  }

  _head() {
    this.#headed = true;
  }

  /** The callback comes behind the listeners of 'finish', where a stream's comes before them. */
  end(chunk, encoding, callback) {
    const done = [chunk, encoding, callback].find((it) => typeof it === 'function');
    if (done && !this.writableEnded) this.once('finish', done);
    const given = [chunk, encoding].filter((it) => typeof it !== 'function');
    return super.end(...given);
  }

  #unsent(what) {
    if (!this.#headed) return;
    const message = `Cannot ${what} headers after they are sent to the client`;
    throw errors.coded(Error, 'ERR_HTTP_HEADERS_SENT', message);
  }

  _unsent() {
    this.#unsent('write');
  }

  setHeader(name, value) {
    this.#unsent('set');
    this._fields.set(name, value);
    return this;
  }

  setHeaders(headers) {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }

  appendHeader(name, value) {
    this.#unsent('append');
    this._fields.append(name, value);
    return this;
  }

  removeHeader(name) {
    this.#unsent('remove');
    this._fields.delete(name);
  }

  getHeader(name) {
    return this._fields.get(name);
  }

  hasHeader(name) {
    return this._fields.has(name);
  }

  getHeaderNames() {
    return this._fields.names();
  }

  getRawHeaderNames() {
    return this._fields.rawNames();
  }

  getHeaders() {
    return this._fields.object();
  }

  /** Has no effect: there are no trailers here. */
  addTrailers() {}
}

module.exports = { HttpSocket, IncomingMessage, OutgoingMessage };
