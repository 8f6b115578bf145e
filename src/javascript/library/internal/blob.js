// Blob: octets with a type, read by promises. All of it is in memory, so there is no stream of one.

const { Buffer } = require('buffer');

function octetsOf(part) {
  if (part instanceof Blob) return octets(part);
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  if (ArrayBuffer.isView(part)) {
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
  return Buffer.from(String(part));
}

class Blob {
  #octets;
  #type;

  constructor(parts = [], { type = '' } = {}) {
    if (typeof parts !== 'object' || parts === null || !(Symbol.iterator in parts)) {
      throw new TypeError('the parts of a Blob must be a sequence');
    }
    this.#octets = new Uint8Array(Buffer.concat(Array.from(parts, octetsOf)));
    this.#type = /[^\u0020-\u007e]/.test(type) ? '' : String(type).toLowerCase();
  }

  static octets(blob) {
    return blob.#octets;
  }

  get size() {
    return this.#octets.length;
  }

  get type() {
    return this.#type;
  }

  slice(start, end, type = '') {
    return new Blob([this.#octets.subarray(start, end)], { type });
  }

  async arrayBuffer() {
    return this.#octets.slice().buffer;
  }

  async bytes() {
    return this.#octets.slice();
  }

  async text() {
    return Buffer.from(this.#octets).toString();
  }

  get [Symbol.toStringTag]() {
    return 'Blob';
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return `Blob ${inspect({ size: this.size, type: this.type }, options)}`;
  }
}

/** The octets of a blob, for the library. */
const { octets } = Blob;
delete Blob.octets;

module.exports = { Blob, octets };
