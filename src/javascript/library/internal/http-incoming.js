// The message of HTTP that came, a server's or a client's.

const { Readable } = require('internal/readable');
const symbols = require('internal/symbols');
const words = require('internal/words');
const joined = require('internal/http-joined');
const buffer = () => require('buffer');
const errors = () => require('internal/net-errors');

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
      this.push(buffer().Buffer.from(octets.buffer, octets.byteOffset, octets.length));
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
    if (!this.readableEnded) this.destroy(errors().coded(Error, 'ECONNRESET', 'aborted'));
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

module.exports = IncomingMessage;
