// A connection that asks to become a WebSocket.

const HttpSocket = require('internal/http-socket');
const buffer = () => require('buffer');

/** Stands for it in a program: what is written to it is a refusal. */
class UpgradeSocket extends HttpSocket {
  #answered = false;
  #connection;
  #head = '';

  constructor(connection, address, port) {
    super(address, port, () => this.refuse(500));
    this.#connection = connection;
    this.writable = true;
    this.readable = true;
  }

  write(data) {
    this.#head += data;
    return true;
  }

  end(data = '') {
    this.#head += data;
    this.destroy();
    return this;
  }

  /** The connection becomes a WebSocket, whose id it gives; null if it was answered before. */
  accept(protocol) {
    if (this.#answered) return null;
    this.#answered = true;
    host.call('ws.accept', '', this.#connection, protocol);
    return this.#connection;
  }

  /** Answers with what was written, or with a status of its own. */
  refuse(status, headers = [], body = '') {
    if (this.#answered) return;
    this.#answered = true;
    const [head, text = ''] = this.#head.split('\r\n\r\n');
    const [first, ...lines] = head.split('\r\n');
    const written = /^HTTP\/1\.1 (\d{3})/.exec(first);
    const fields = written ? lines.flatMap((line) => line.split(/:\s*(.*)/, 2)) : headers;
    const code = written ? Number(written[1]) : status;
    const octets = buffer().Buffer.from(written ? text : body);
    const said = `socket.end("HTTP/1.1 ${code}")`;
    host.call('ws.refuse', said, this.#connection, code, fields, octets);
  }
}

module.exports = UpgradeSocket;
