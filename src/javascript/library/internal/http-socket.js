// What stands for the connection beneath a message of HTTP, or beneath a WebSocket.

const EventEmitter = require('events');
const core = require('internal/core');

/** Who is at its other end, and ending it. */
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

module.exports = HttpSocket;
