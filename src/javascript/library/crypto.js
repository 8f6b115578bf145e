// `crypto`, as far as a simulation needs it: chance is the run's own, and so comes again with its
// seed; nothing here is secret. Left out: ciphers, keys, signatures (`subtle`).

const { coded, invalidType, outOfRange } = require('internal/errors');

const hashes = () => require('internal/hashes');
const hasView = (value) => ArrayBuffer.isView(value) && !(value instanceof DataView)
  && !/Float/.test(require('internal/types').typedArrayKind(value));

function fill(octets) {
  for (let i = 0; i < octets.length; i++) octets[i] = Math.floor(host.random() * 256);
}

const view = (value) => (ArrayBuffer.isView(value)
  ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value));

/** Calls back in a later tick when there is a callback, else answers at once. */
function answer(value, callback) {
  if (typeof callback !== 'function') return value;
  require('internal/core').nextTick(callback, null, value);
  return undefined;
}

function randomBytes(size, callback) {
  if (typeof size !== 'number') throw invalidType('size', 'of type number', size);
  if (!(size >= 0 && size <= 2 ** 31 - 1)) {
    throw outOfRange('size', `>= 0 && <= ${2 ** 31 - 1}`, size);
  }
  const octets = require('buffer').Buffer.alloc(size);
  fill(octets);
  return answer(octets, callback);
}

function randomFillSync(target, offset = 0, size = undefined) {
  const octets = view(target);
  fill(octets.subarray(offset, size === undefined ? undefined : offset + size));
  return target;
}

function randomInt(...given) {
  const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined;
  const [low, high] = given.length < 2 ? [0, given[0]] : given;
  if (!Number.isSafeInteger(low)) throw invalidType('min', 'a safe integer', low);
  if (!Number.isSafeInteger(high)) throw invalidType('max', 'a safe integer', high);
  if (high <= low) {
    throw outOfRange('max', `greater than the value of "min" (${low})`, high);
  }
  if (high - low > 2 ** 48 - 1) throw outOfRange('max - min', `<= ${2 ** 48 - 1}`, high - low);
  return answer(low + Math.floor(host.random() * (high - low)), callback);
}

function randomUUID() {
  const octets = randomBytes(16);
  octets[6] = octets[6] & 0x0f | 0x40;
  octets[8] = octets[8] & 0x3f | 0x80;
  return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const QUOTA = 65536;

function getRandomValues(target) {
  const { DOMException } = require('internal/dom-exception');
  if (!hasView(target)) {
    throw new DOMException('The data argument must be an integer-type TypedArray',
      'TypeMismatchError');
  }
  if (target.byteLength > QUOTA) {
    const message = `The requested length exceeds ${QUOTA.toLocaleString('en-US')} bytes`;
    throw new DOMException(message, 'QuotaExceededError');
  }
  return randomFillSync(target);
}

/** What takes octets piece by piece and gives a digest, once. */
class Hash {
  #parts = [];
  #digest;

  constructor(digest) { this.#digest = digest; }

  update(data, encoding) {
    if (!this.#digest) {
      throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    }
    const { Buffer } = require('buffer');
    if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
      const expected = 'of type string or an instance of Buffer, TypedArray, or DataView';
      throw invalidType('data', expected, data);
    }
    this.#parts.push(typeof data === 'string' ? Buffer.from(data, encoding)
      : Buffer.from(view(data)));
    return this;
  }

  digest(encoding) {
    if (!this.#digest) {
      throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    }
    const { Buffer } = require('buffer');
    const octets = Buffer.from(this.#digest(Buffer.concat(this.#parts)));
    this.#digest = undefined;
    return encoding === undefined || encoding === 'buffer' ? octets : octets.toString(encoding);
  }
}

function algorithm(name) {
  const digest = hashes()[String(name).toLowerCase().replace('-', '')];
  if (digest) return digest;
  const known = `here are ${Object.keys(hashes()).join(', ')}`;
  throw coded(Error, 'ERR_OSSL_EVP_UNSUPPORTED', `Digest method not supported: ${name} (${known})`);
}

function createHash(name) { return new Hash(algorithm(name)); }

/** RFC 2104: the key is in front of the message twice, each time with other bits turned over. */
function createHmac(name, key) {
  const { Buffer } = require('buffer');
  const digest = algorithm(name);
  const given = typeof key === 'string' ? Buffer.from(key) : Buffer.from(view(key));
  const block = Buffer.alloc(64);
  block.set(given.length > 64 ? digest(given) : given);
  const [inner, outer] = [0x36, 0x5c].map((mask) => block.map((octet) => octet ^ mask));
  const second = (octets) => digest(Buffer.concat([outer, octets]));
  return new Hash((octets) => second(digest(Buffer.concat([inner, octets]))));
}

function timingSafeEqual(a, b) {
  const { Buffer } = require('buffer');
  const [left, right] = [view(a), view(b)];
  if (left.length !== right.length) {
    const message = 'Input buffers must have the same byte length';
    throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', message);
  }
  return Buffer.compare(left, right) === 0;
}

const webcrypto = {
  getRandomValues,
  randomUUID,
  get subtle() {
    const { DOMException } = require('internal/dom-exception');
    throw new DOMException('crypto.subtle is not part of this simulation: use createHash or '
      + 'createHmac of the module crypto', 'NotSupportedError');
  },
};

module.exports = { createHash, createHmac, Hash, randomBytes, randomFillSync, randomInt, randomUUID,
  getRandomValues, timingSafeEqual, webcrypto, getHashes: () => Object.keys(hashes()) };
