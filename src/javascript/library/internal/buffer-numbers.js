// The methods of a Buffer that read and write numbers.

const { coded, invalidType, outOfRange } = require('internal/errors');

function checkIsNumber(offset) {
  if (typeof offset !== 'number') throw invalidType('offset', 'of type number', offset);
}

function checkOffset(offset, highest) {
  checkIsNumber(offset);
  if (highest < 0) {
    const message = 'Attempt to access memory outside buffer bounds';
    throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', message);
  }
  if (!Number.isInteger(offset)) throw outOfRange('offset', 'an integer', offset);
  if (offset < 0 || offset > highest) {
    throw outOfRange('offset', `>= 0 and <= ${highest}`, offset);
  }
}

function checkValue(value, low, high, size) {
  if (value >= low && value <= high) return;
  if (typeof value === 'number' && Number.isNaN(value)) return;
  const n = typeof low === 'bigint' ? 'n' : '';
  let range = `>= ${low}${n} and <= ${high}${n}`;
  if (size > 4) {
    const power = `2${n} ** ${low === 0 || low === 0n ? size * 8 : size * 8 - 1}${n}`;
    range = `>= ${low === 0 || low === 0n ? `0${n}` : `-(${power})`} and < ${power}`;
  }
  throw outOfRange('value', range, value);
}

const viewOf = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

/** Methods over those of DataView: `readInt16LE` is `getInt16(offset, true)`. */
function fixed(methods, name, kind, size, range) {
  const ends = size === 1 ? [''] : ['LE', 'BE'];
  for (const end of ends) {
    methods[`read${name}${end}`] = function (offset = 0) {
      checkOffset(offset, this.length - size);
      return viewOf(this)[`get${kind}`](offset, end === 'LE');
    };
    methods[`write${name}${end}`] = function (value, offset = 0) {
      if (size === 1) checkIsNumber(offset);
      const number = range && typeof range[0] === 'bigint' ? value : Number(value);
      if (range) checkValue(number, ...range, size);
      checkOffset(offset, this.length - size);
      viewOf(this)[`set${kind}`](offset, number, end === 'LE');
      return offset + size;
    };
  }
}

function checkSize(size) {
  if (typeof size !== 'number') throw invalidType('byteLength', 'of type number', size);
  if (!Number.isInteger(size)) throw outOfRange('byteLength', 'an integer', size);
  if (size < 1 || size > 6) throw outOfRange('byteLength', '>= 1 and <= 6', size);
}

/** Methods for integers of one to six octets, whose size is an argument. */
function sized(methods, name, signed) {
  for (const end of ['LE', 'BE']) {
    const place = (offset, size, i) => offset + (end === 'LE' ? i : size - 1 - i);
    methods[`read${name}${end}`] = function (offset, size) {
      checkIsNumber(offset);
      checkSize(size);
      checkOffset(offset, this.length - size);
      let number = 0;
      for (let i = size - 1; i >= 0; i--) number = number * 256 + this[place(offset, size, i)];
      return signed && number >= 2 ** (8 * size - 1) ? number - 2 ** (8 * size) : number;
    };
    methods[`write${name}${end}`] = function (value, offset, size) {
      checkSize(size);
      let number = Number(value);
      const half = 2 ** (8 * size - 1);
      if (signed) checkValue(number, -half, half - 1, size);
      else checkValue(number, 0, 2 * half - 1, size);
      checkIsNumber(offset);
      checkOffset(offset, this.length - size);
      for (let i = 0; i < size; i++) {
        this[place(offset, size, i)] = number;
        number = Math.floor(number / 256);
      }
      return offset + size;
    };
  }
}

function swap(size) {
  return function () {
    if (this.length % size !== 0) {
      const message = `Buffer size must be a multiple of ${size * 8}-bits`;
      throw coded(RangeError, 'ERR_INVALID_BUFFER_SIZE', message);
    }
    for (let i = 0; i < this.length; i += size) {
      Uint8Array.prototype.subarray.call(this, i, i + size).reverse();
    }
    return this;
  };
}

const methods = {};
for (const bits of [8, 16, 32]) {
  fixed(methods, `UInt${bits}`, `Uint${bits}`, bits / 8, [0, 2 ** bits - 1]);
  fixed(methods, `Int${bits}`, `Int${bits}`, bits / 8, [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]);
}
fixed(methods, 'BigUInt64', 'BigUint64', 8, [0n, 2n ** 64n - 1n]);
fixed(methods, 'BigInt64', 'BigInt64', 8, [-(2n ** 63n), 2n ** 63n - 1n]);
fixed(methods, 'Float', 'Float32', 4);
fixed(methods, 'Double', 'Float64', 8);
sized(methods, 'UInt', false);
sized(methods, 'Int', true);
for (const name of Object.keys(methods)) {
  if (name.includes('UInt')) methods[name.replace('UInt', 'Uint')] = methods[name];
}
Object.assign(methods, { swap16: swap(2), swap32: swap(4), swap64: swap(8) });

module.exports = methods;
