// Buffer: node's octets. What encodes and decodes is in `internal/buffer-codes.js`, numbers are in
// `internal/buffer-numbers.js`. Left out: SlowBuffer, transcode, the shared pool.

const { checkInteger } = require('internal/checks');
const lazy = require('internal/lazy');
const utf8 = () => require('internal/utf8');
const codes = () => require('internal/buffer-codes');
const errors = () => require('internal/errors');

const MAX_LENGTH = 2 ** 32;
const OCTETS_SHOWN = 50;

/** What encodes and decodes: most text is UTF-8, so that the other codes wait until asked for. */
const isUtf8 = (encoding) => encoding === undefined || encoding === 'utf8';
const codeOf = (encoding) => (isUtf8(encoding) ? utf8() : codes().codeOf(encoding));
const nameOf = (encoding) => (isUtf8(encoding) ? 'utf8' : codes().nameOf(encoding));

const isArrayBuffer = (value) => value instanceof ArrayBuffer
  || require('internal/types').isAnyArrayBuffer(value);

class FastBuffer extends Uint8Array {}

/** Octets seen as a Buffer, the memory shared. */
const over = (octets) => new FastBuffer(octets.buffer, octets.byteOffset, octets.byteLength);

function Buffer(value, encodingOrOffset, length) {
  if (typeof value !== 'number') return Buffer.from(value, encodingOrOffset, length);
  return Buffer.alloc(value);
}
Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer });

function checkSize(size) {
  if (typeof size !== 'number') throw errors().invalidType('size', 'of type number', size);
  if (!(size >= 0 && size <= MAX_LENGTH)) {
    throw errors().outOfRange('size', `>= 0 && <= ${MAX_LENGTH}`, size);
  }
}

function fromBuffer(buffer, offset, length) {
  const start = Math.trunc(Number(offset)) || 0;
  const outside = (name) => errors().coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS',
    `"${name}" is outside of buffer bounds`);
  const most = buffer.byteLength - start;
  if (most < 0) throw outside('offset');
  if (length === undefined) return new FastBuffer(buffer, start, most);
  const wanted = Math.max(0, Number(length) || 0);
  if (wanted > most) throw outside('length');
  return new FastBuffer(buffer, start, wanted);
}

function fromObject(value) {
  const list = Array.isArray(value.data) && value.type === 'Buffer' ? value.data : value;
  if (list.length === undefined && !(list.buffer instanceof ArrayBuffer)) return undefined;
  const length = Math.max(0, Math.trunc(list.length) || 0);
  const buffer = new FastBuffer(length);
  for (let i = 0; i < length; i++) buffer[i] = list[i];
  return buffer;
}

Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return over(codeOf(encodingOrOffset).encode(value));
  if (typeof value === 'object' && value !== null) {
    if (isArrayBuffer(value)) return fromBuffer(value, encodingOrOffset, length);
    const primitive = value.valueOf?.();
    if (primitive != null && primitive !== value) {
      return Buffer.from(primitive, encodingOrOffset, length);
    }
    const buffer = fromObject(value);
    if (buffer) return buffer;
    if (typeof value[Symbol.toPrimitive] === 'function') {
      return Buffer.from(value[Symbol.toPrimitive]('string'), encodingOrOffset);
    }
  }
  const message = 'The first argument must be of type string or an instance of Buffer, '
    + `ArrayBuffer, or Array or an Array-like Object. Received ${errors().received(value)}`;
  throw errors().coded(TypeError, 'ERR_INVALID_ARG_TYPE', message);
};

Buffer.of = (...octets) => Buffer.from(octets);
Buffer.alloc = function alloc(size, fill, encoding) {
  checkSize(size);
  const buffer = new FastBuffer(size);
  return fill !== undefined && fill !== 0 && size > 0 ? buffer.fill(fill, encoding) : buffer;
};
Buffer.allocUnsafe = function allocUnsafe(size) { return Buffer.alloc(size); };
Buffer.allocUnsafeSlow = Buffer.allocUnsafe;
Buffer.isBuffer = function isBuffer(value) { return value instanceof Buffer; };
Buffer.isEncoding = function isEncoding(name) {
  return typeof name === 'string' && name !== '' && nameOf(name) !== undefined;
};
Buffer.poolSize = 8192;

Buffer.byteLength = function byteLength(value, encoding) {
  if (typeof value === 'string') {
    const name = nameOf(encoding) ?? 'utf8';
    return codeOf(name).lengthOf(value);
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  const expected = 'of type string or an instance of Buffer or ArrayBuffer';
  throw errors().invalidType('string', expected, value);
};

function checkOctets(value, name) {
  if (!(value instanceof Uint8Array)) {
    throw errors().invalidType(name, 'an instance of Buffer or Uint8Array', value);
  }
}

Buffer.compare = function compare(a, b) {
  checkOctets(a, 'buf1');
  checkOctets(b, 'buf2');
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return Math.sign(a.length - b.length);
};

Buffer.concat = function concat(list, length) {
  if (!Array.isArray(list)) throw errors().invalidType('list', 'an instance of Array', list);
  list.forEach((part, i) => checkOctets(part, `list[${i}]`));
  const whole = Buffer.alloc(length ?? list.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of list) {
    if (at >= whole.length) break;
    whole.set(part.subarray(0, whole.length - at), at);
    at += part.length;
  }
  return whole;
};

/** An index as `slice` takes it: counted from the end when negative, cut at the ends. */
function clamp(index, length, otherwise) {
  const at = index === undefined ? otherwise : Math.trunc(Number(index)) || 0;
  return Math.min(Math.max(at < 0 ? at + length : at, 0), length);
}

/** An index in bounds, or the error that names it. */
function bounded(index, name, highest, otherwise) {
  if (index === undefined) return otherwise;
  checkInteger(index, name, 0, highest);
  return index;
}

/** Where the octets of `value` are first, or last, in a buffer: -1 for nowhere. */
function find(buffer, value, from, encoding, forwards) {
  if (typeof from === 'string') [encoding, from] = [from, undefined];
  let needle = value;
  if (typeof value === 'number') needle = [value & 0xff];
  else if (typeof value === 'string') needle = codeOf(encoding).encode(value);
  else if (!(value instanceof Uint8Array)) {
    const expected = 'one of type number or string or an instance of Buffer or Uint8Array';
    throw errors().invalidType('value', expected, value);
  }
  const last = buffer.length - needle.length;
  let at = Number.isNaN(Number(from)) || from === undefined ? (forwards ? 0 : buffer.length)
    : Math.trunc(Number(from));
  if (at < 0) at += buffer.length;
  if (at < 0 && !forwards) return -1;
  at = forwards ? Math.max(at, 0) : Math.min(at, Math.max(last, 0));
  if (needle.length === 0) return Math.min(at, buffer.length);
  for (; at <= last && at >= 0; at += forwards ? 1 : -1) {
    let same = 0;
    while (same < needle.length && buffer[at + same] === needle[same]) same += 1;
    if (same === needle.length) return at;
  }
  return -1;
}

const methods = {
  toString(encoding, start, end) {
    const from = Math.min(Math.max(Math.trunc(start) || 0, 0), this.length);
    const to = end === undefined ? this.length : Math.min(Math.trunc(end) || 0, this.length);
    return to <= from ? '' : codeOf(encoding).decode(this, from, to);
  },

  write(text, offset, length, encoding) {
    if (typeof text !== 'string') {
      throw errors().coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
    }
    if (typeof offset === 'string') [offset, encoding] = [undefined, offset];
    if (typeof length === 'string') [length, encoding] = [undefined, length];
    const at = bounded(offset, 'offset', this.length, 0);
    const most = Math.min(bounded(length, 'length', this.length, this.length), this.length - at);
    if (nameOf(encoding) === 'utf8') {
      return utf8().write(text, this, at, at + most).written;
    }
    const octets = codeOf(encoding).encode(text);
    const whole = nameOf(encoding) === 'utf16le' ? most & ~1 : most;
    const written = octets.subarray(0, whole);
    this.set(written, at);
    return written.length;
  },

  subarray(start, end) {
    const from = clamp(start, this.length, 0);
    const to = clamp(end, this.length, this.length);
    return new FastBuffer(this.buffer, this.byteOffset + from, Math.max(0, to - from));
  },

  copy(target, targetStart = 0, start = 0, end = this.length) {
    if (!(target instanceof Uint8Array)) {
      throw errors().invalidType('target', 'an instance of Buffer or Uint8Array', target);
    }
    const at = Math.trunc(targetStart) || 0;
    if (at < 0) throw errors().outOfRange('targetStart', '>= 0', at);
    const from = Math.trunc(start) || 0;
    if (from < 0 || from > this.length) {
      throw errors().outOfRange('sourceStart', `>= 0 && <= ${this.length}`, from);
    }
    if (end < 0) throw errors().outOfRange('sourceEnd', '>= 0', end);
    const count = Math.min(Math.trunc(end), this.length, from + target.length - at) - from;
    if (count <= 0) return 0;
    target.set(this.subarray(from, from + count), at);
    return count;
  },

  fill(value, offset, end, encoding) {
    if (typeof value === 'string') {
      if (offset === undefined || typeof offset === 'string') {
        [offset, end, encoding] = [undefined, undefined, offset];
      } else if (typeof end === 'string') {
        [end, encoding] = [undefined, end];
      }
    }
    const pattern = typeof value === 'string' ? codeOf(encoding).encode(value) : value;
    const from = bounded(offset, 'offset', MAX_LENGTH, 0);
    const to = bounded(end, 'end', this.length, this.length);
    if (!(pattern instanceof Uint8Array)) {
      Uint8Array.prototype.fill.call(this, Number(value) & 0xff, from, to);
      return this;
    }
    if (pattern.length === 0) {
      if (value.length > 0) throw errors().invalidValue('value', value);
      Uint8Array.prototype.fill.call(this, 0, from, to);
      return this;
    }
    for (let i = from; i < to; i++) this[i] = pattern[(i - from) % pattern.length];
    return this;
  },

  equals(other) {
    checkOctets(other, 'otherBuffer');
    return Buffer.compare(this, other) === 0;
  },

  compare(target, targetStart, targetEnd, start, end) {
    checkOctets(target, 'target');
    const theirs = [bounded(targetStart, 'targetStart', Number.MAX_SAFE_INTEGER, 0),
      bounded(targetEnd, 'targetEnd', target.length, target.length)];
    const ours = [bounded(start, 'sourceStart', Number.MAX_SAFE_INTEGER, 0),
      bounded(end, 'sourceEnd', this.length, this.length)];
    return Buffer.compare(this.subarray(...ours), target.subarray(...theirs));
  },

  indexOf(value, from, encoding) { return find(this, value, from, encoding, true); },
  lastIndexOf(value, from, encoding) { return find(this, value, from, encoding, false); },
  includes(value, from, encoding) { return find(this, value, from, encoding, true) !== -1; },
  toJSON() { return { type: 'Buffer', data: Array.from(this) }; },

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const shown = Math.min(OCTETS_SHOWN, this.length);
    let text = codes().toHex(this, 0, shown).replace(/(..)(?=.)/g, '$1 ');
    const rest = this.length - shown;
    if (rest > 0) text += ` ... ${rest} more byte${rest > 1 ? 's' : ''}`;
    const { extraKeys } = require('internal/inspect-kinds');
    const named = extraKeys({ showHidden: false }, this);
    if (named.length > 0) {
      const held = Object.fromEntries(named.map((key) => [key, this[key]]));
      const more = inspect(held, { ...options, breakLength: Infinity });
      text += `${this.length > 0 ? ', ' : ''}${more.slice(2, -2)}`;
    }
    return `<${this.constructor.name} ${text}>`;
  },
};
methods.slice = methods.subarray;
methods.toLocaleString = methods.toString;

for (const key of Reflect.ownKeys(methods)) {
  const hidden = { value: methods[key], writable: true, configurable: true };
  Object.defineProperty(Buffer.prototype, key, hidden);
}
// Few programs read or write numbers, so their methods are loaded by the first of them.
const TWO_ENDS = ['UInt16', 'UInt32', 'UInt', 'Int16', 'Int32', 'Int', 'BigUInt64', 'BigInt64',
  'Float', 'Double'];
const kinds = ['UInt8', 'Int8', ...TWO_ENDS.flatMap((kind) => [`${kind}LE`, `${kind}BE`])];
const names = kinds.flatMap((kind) => [kind, kind.replace('UInt', 'Uint')])
  .flatMap((kind) => [`read${kind}`, `write${kind}`]);
for (const name of ['swap16', 'swap32', 'swap64', ...names]) {
  lazy.property(Buffer.prototype, name, () => require('internal/buffer-numbers')[name]);
}
Object.defineProperty(Buffer.prototype, 'constructor', { value: Buffer, writable: true });
Object.defineProperty(Buffer.prototype, 'parent', { get() { return this.buffer; } });
Object.defineProperty(Buffer.prototype, 'offset', { get() { return this.byteOffset; } });

const constants = { MAX_LENGTH, MAX_STRING_LENGTH: 2 ** 30 - 1 };
const base64 = (name) => (text) => require('internal/base64')[name](text);
module.exports = { Buffer, constants, kMaxLength: MAX_LENGTH, INSPECT_MAX_BYTES: OCTETS_SHOWN,
  kStringMaxLength: constants.MAX_STRING_LENGTH, atob: base64('atob'), btoa: base64('btoa'),
  get Blob() { return require('internal/blob').Blob; } };
