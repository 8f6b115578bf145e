// StringDecoder: text of octets that come in pieces; a character cut in two waits for its rest.

const { Buffer } = require('buffer');
const { codeOf, nameOf } = require('internal/buffer-codes');
const { unfinished } = require('internal/utf8');

/** How many octets at the end wait for more, for each encoding whose characters can be cut. */
const WAITING = {
  utf8: unfinished,
  utf16le(octets) {
    const odd = octets.length % 2;
    const last = octets[octets.length - odd - 1];
    // The first half of a surrogate pair waits for the second.
    return octets.length - odd >= 2 && last >= 0xd8 && last <= 0xdb ? odd + 2 : odd;
  },
  base64: (octets) => octets.length % 3,
  base64url: (octets) => octets.length % 3,
};

class StringDecoder {
  #held = Buffer.alloc(0);

  constructor(encoding) {
    const name = nameOf(encoding);
    if (name === undefined) codeOf(encoding);
    this.encoding = name;
  }

  write(octets) {
    if (typeof octets === 'string') return octets;
    if (!ArrayBuffer.isView(octets)) {
      const { invalidType } = require('internal/errors');
      throw invalidType('buf', 'an instance of Buffer, TypedArray, or DataView', octets);
    }
    const piece = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    const whole = this.#held.length > 0 ? Buffer.concat([this.#held, piece]) : piece;
    const waiting = WAITING[this.encoding]?.(whole) ?? 0;
    this.#held = Buffer.from(whole.subarray(whole.length - waiting));
    return whole.toString(this.encoding, 0, whole.length - waiting);
  }

  end(octets) {
    const text = octets === undefined ? '' : this.write(octets);
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return text + rest.toString(this.encoding);
  }
}

exports.StringDecoder = StringDecoder;
