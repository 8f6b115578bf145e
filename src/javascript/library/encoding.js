// TextEncoder and TextDecoder of the Encoding Standard. Encodings: UTF-8, UTF-16LE and, of the
// older ones, windows-1252 under its many names (`latin1`, `ascii`).

const { coded, invalidType } = require('internal/errors');
const utf8 = require('internal/utf8');

const LABELS = {
  'utf-8': ['utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8',
    'x-unicode20utf8'],
  'utf-16le': ['utf-16le', 'utf-16', 'ucs-2', 'unicode', 'iso-10646-ucs-2', 'csunicode',
    'unicodefeff'],
  'windows-1252': ['windows-1252', 'latin1', 'ascii', 'iso-8859-1', 'iso8859-1', 'us-ascii', 'l1',
    'cp1252', 'x-cp1252', 'iso_8859-1', 'iso88591', 'ansi_x3.4-1968', 'cp819', 'ibm819'],
};

// Where windows-1252 is not what Latin-1 is: the characters of 0x80 to 0x9f.
const WINDOWS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

class TextEncoder {
  get encoding() { return 'utf-8'; }

  encode(text = '') { return utf8.encode(String(text)); }

  encodeInto(text, target) {
    if (typeof text !== 'string') throw invalidType('src', 'of type string', text);
    if (!(target instanceof Uint8Array)) {
      throw invalidType('dest', 'an instance of Uint8Array', target);
    }
    return utf8.write(text, target);
  }
}

function octetsOf(input) {
  if (input === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  if (require('internal/types').isAnyArrayBuffer(input)) return new Uint8Array(input);
  const message = 'The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or '
    + 'ArrayBufferView.';
  throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', message);
}

/** UTF-16LE in which a lone surrogate, or a lone octet at the end, becomes U+FFFD. */
function decodeUtf16(octets, fatal) {
  const units = utf8.fromUnits(octets.length >> 1, (i) => octets[2 * i] | octets[2 * i + 1] << 8);
  const odd = octets.length % 2 === 1;
  if (fatal && (odd || !units.isWellFormed())) return undefined;
  return units.toWellFormed() + (odd ? '\ufffd' : '');
}

function waitingUtf16(octets) {
  const odd = octets.length % 2;
  const last = octets[octets.length - odd - 1];
  return octets.length - odd >= 2 && last >= 0xd8 && last <= 0xdb ? odd + 2 : odd;
}

const CODES = {
  'utf-8': { decode: (octets, fatal) => utf8.decode(octets, 0, octets.length, fatal),
    waiting: utf8.unfinished },
  'utf-16le': { decode: decodeUtf16, waiting: waitingUtf16 },
  'windows-1252': {
    decode: (octets) => utf8.fromUnits(octets.length, (i) => octets[i])
      .replace(/[\x80-\x9f]/g, (character) => WINDOWS[character.charCodeAt(0) - 0x80]),
    waiting: () => 0,
  },
};

class TextDecoder {
  #held = new Uint8Array(0);
  #begun = false;
  #encoding;
  #fatal;
  #ignoreBOM;

  constructor(label = 'utf-8', options = {}) {
    const wanted = String(label).trim().toLowerCase();
    const names = Object.keys(LABELS);
    this.#encoding = names.find((name) => LABELS[name].includes(wanted));
    if (this.#encoding === undefined) {
      const message = `The "${label}" encoding is not supported`;
      throw coded(RangeError, 'ERR_ENCODING_NOT_SUPPORTED', message);
    }
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding() { return this.#encoding; }

  get fatal() { return this.#fatal; }

  get ignoreBOM() { return this.#ignoreBOM; }

  decode(input, options = {}) {
    const piece = octetsOf(input);
    const whole = new Uint8Array(this.#held.length + piece.length);
    whole.set(this.#held);
    whole.set(piece, this.#held.length);
    const { decode, waiting } = CODES[this.#encoding];
    const held = options?.stream ? waiting(whole) : 0;
    this.#held = whole.subarray(whole.length - held);
    let text = decode(whole.subarray(0, whole.length - held), this.#fatal);
    if (text === undefined) {
      const message = `The encoded data was not valid for encoding ${this.#encoding}`;
      throw coded(TypeError, 'ERR_ENCODING_INVALID_ENCODED_DATA', message);
    }
    if (!this.#begun && !this.#ignoreBOM && text[0] === '\ufeff') text = text.slice(1);
    this.#begun = Boolean(options?.stream) && (this.#begun || whole.length > held);
    return text;
  }
}

module.exports = { TextEncoder, TextDecoder };
