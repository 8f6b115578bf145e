// Bodies of fetch. They come and go whole; a stream of one gives it in one piece.

const buffer = () => require('buffer');
const blob = () => require('internal/blob');
const url = () => require('url');

/** The octets of whatever may be a body, and the type that it has by itself. */
function extract(body) {
  if (body === null || body === undefined) return { octets: null, type: null };
  if (body instanceof ArrayBuffer) return { octets: new Uint8Array(body.slice(0)), type: null };
  if (ArrayBuffer.isView(body)) {
    const view = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    return { octets: view.slice(), type: null };
  }
  const isObject = typeof body === 'object';
  if (isObject && body instanceof url().URLSearchParams) {
    const type = 'application/x-www-form-urlencoded;charset=UTF-8';
    return { octets: buffer().Buffer.from(String(body)), type };
  }
  if (isObject && body instanceof blob().Blob) {
    return { octets: blob().octets(body), type: body.type || null };
  }
  if (body instanceof BodyStream) return { octets: body.take(), type: null };
  if (isObject && typeof body.getReader === 'function') {
    throw new TypeError('a body that streams is not there: give text or octets');
  }
  return { octets: buffer().Buffer.from(String(body)), type: 'text/plain;charset=UTF-8' };
}

/** A body to read: by a reader, or by `for await`. */
class BodyStream {
  #octets;
  #isLocked = false;

  constructor(octets) {
    this.#octets = octets;
  }

  get locked() {
    return this.#isLocked;
  }

  /** The whole of it, once. */
  take() {
    const octets = this.#octets;
    this.#octets = null;
    return octets;
  }

  get isTaken() {
    return this.#octets === null;
  }

  get copy() {
    return this.#octets;
  }

  #next() {
    const octets = this.take();
    if (octets === null || octets.length === 0) return { done: true, value: undefined };
    return { done: false, value: new Uint8Array(octets) };
  }

  getReader() {
    if (this.#isLocked) throw new TypeError('Invalid state: ReadableStream is locked');
    this.#isLocked = true;
    return {
      closed: Promise.resolve(),
      read: () => Promise.resolve(this.#next()),
      releaseLock: () => {
        this.#isLocked = false;
      },
      cancel: () => this.cancel(),
    };
  }

  cancel() {
    this.take();
    return Promise.resolve();
  }

  async* values() {
    for (let part = this.#next(); !part.done; part = this.#next()) yield part.value;
  }

  [Symbol.asyncIterator]() {
    return this.values();
  }

  get [Symbol.toStringTag]() {
    return 'ReadableStream';
  }
}

/** What requests and responses have in common. */
class Body {
  #stream = null;
  #isUsed = false;

  _fill(octets) {
    if (octets !== null) this.#stream = new BodyStream(octets);
  }

  get body() {
    return this.#stream;
  }

  get bodyUsed() {
    return this.#isUsed || (this.#stream?.isTaken ?? false);
  }

  /** The octets for one who leaves them here. */
  _copy() {
    if (this.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    return this.#stream?.copy ?? null;
  }

  async #take() {
    if (this.bodyUsed || this.#stream?.locked) {
      throw new TypeError('Body is unusable: Body has already been read');
    }
    if (this.#stream) this.#isUsed = true;
    return buffer().Buffer.from(this.#stream?.take() ?? []);
  }

  async text() {
    const octets = await this.#take();
    return octets.toString().replace(/^\ufeff/, '');
  }

  async json() {
    return JSON.parse(await this.text());
  }

  async bytes() {
    return new Uint8Array(await this.#take());
  }

  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }

  async blob() {
    const type = this.headers.get('content-type') ?? '';
    return new (blob().Blob)([await this.bytes()], { type });
  }
}

module.exports = { Body, extract };
