// The encodings of a Buffer. Each: how many octets a text takes, the octets of a text, the text of
// octets from `start` to `end`.

const utf8 = require('internal/utf8');

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
let sextets;

/** The value of each base64 character, of both alphabets. */
function sextetOf(character) {
  if (!sextets) {
    sextets = new Map();
    for (const alphabet of [`${ALPHABET}+/`, `${ALPHABET}-_`]) {
      [...alphabet].forEach((letter, value) => sextets.set(letter, value));
    }
  }
  return sextets.get(character);
}

/** What is not of the alphabet is passed over; padding ends the text. */
function fromBase64(text) {
  const octets = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    if (character === '=') break;
    const sextet = sextetOf(character);
    if (sextet === undefined) continue;
    held = (held << 6 | sextet) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      octets.push(held >> bits & 0xff);
    }
  }
  return Uint8Array.from(octets);
}

function toBase64(octets, start, end, last, padding) {
  const alphabet = ALPHABET + last;
  let text = '';
  for (let i = start; i < end; i += 3) {
    const group = octets[i] << 16 | (i + 1 < end ? octets[i + 1] << 8 : 0)
      | (i + 2 < end ? octets[i + 2] : 0);
    text += alphabet[group >> 18] + alphabet[group >> 12 & 63];
    text += i + 1 < end ? alphabet[group >> 6 & 63] : padding;
    text += i + 2 < end ? alphabet[group & 63] : padding;
  }
  return text;
}

function fromHex(text) {
  const octets = [];
  for (let i = 0; i + 1 < text.length; i += 2) {
    const pair = text.slice(i, i + 2);
    if (!/^[\da-f]{2}$/i.test(pair)) break;
    octets.push(parseInt(pair, 16));
  }
  return Uint8Array.from(octets);
}

let hexPairs;
function toHex(octets, start, end) {
  hexPairs ??= Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
  let text = '';
  for (let i = start; i < end; i++) text += hexPairs[octets[i]];
  return text;
}

function fromLatin1(text) {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

function fromUtf16(text) {
  const octets = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    octets[2 * i] = text.charCodeAt(i) & 0xff;
    octets[2 * i + 1] = text.charCodeAt(i) >> 8;
  }
  return octets;
}

const base64Length = (text) => {
  const padding = /={0,2}$/.exec(text.slice(-2))[0].length;
  return (text.length - padding) * 3 >>> 2;
};

const base64 = {
  lengthOf: base64Length,
  encode: fromBase64,
  decode: (octets, start, end) => toBase64(octets, start, end, '+/', '='),
};
const latin1 = {
  lengthOf: (text) => text.length,
  encode: fromLatin1,
  decode: (octets, start, end) => utf8.fromUnits(end - start, (i) => octets[start + i]),
};
const utf16le = {
  lengthOf: (text) => text.length * 2,
  encode: fromUtf16,
  decode: (octets, start, end) => utf8.fromUnits((end - start) >> 1, (i) => {
    return octets[start + 2 * i] | octets[start + 2 * i + 1] << 8;
  }),
};
const codes = {
  utf8: { lengthOf: utf8.lengthOf, encode: utf8.encode, decode: utf8.decode },
  hex: { lengthOf: (text) => text.length >>> 1, encode: fromHex, decode: toHex },
  base64,
  base64url: { ...base64, decode: (octets, start, end) => toBase64(octets, start, end, '-_', '') },
  latin1,
  ascii: {
    ...latin1,
    decode: (octets, start, end) => utf8.fromUnits(end - start, (i) => octets[start + i] & 0x7f),
  },
  utf16le,
};
const ALIASES = { 'utf-8': 'utf8', binary: 'latin1', ucs2: 'utf16le', 'ucs-2': 'utf16le',
  'utf-16le': 'utf16le' };

/** The one name of an encoding, undefined for none that is known. */
exports.nameOf = (encoding) => {
  if (encoding === undefined || encoding === null || encoding === '') return 'utf8';
  const name = String(encoding).toLowerCase();
  return Object.hasOwn(codes, name) ? name : ALIASES[name];
};

/** What encodes and decodes; an error for an encoding that is not known. */
exports.codeOf = (encoding) => {
  const name = exports.nameOf(encoding);
  if (name !== undefined) return codes[name];
  const { coded } = require('internal/errors');
  throw coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
};

exports.toHex = toHex;
