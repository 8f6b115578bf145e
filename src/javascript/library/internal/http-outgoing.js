// The message of HTTP that is written, a server's or a client's.

const { Writable } = require('internal/writable');
const { Fields } = require('internal/http-fields');
const errors = () => require('internal/net-errors');

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
    throw errors().coded(Error, 'ERR_HTTP_HEADERS_SENT', message);
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

module.exports = OutgoingMessage;
