// `atob` and `btoa`: base64 of texts whose characters are octets, strict as browsers are.

const { codeOf } = require('internal/buffer-codes');

const wrong = (message) => {
  const { DOMException } = require('internal/dom-exception');
  return new DOMException(message, 'InvalidCharacterError');
};

exports.btoa = function btoa(text) {
  const octets = String(text);
  if (/[^\0-\xff]/.test(octets)) throw wrong('Invalid character');
  const { encode } = codeOf('latin1');
  return codeOf('base64').decode(encode(octets), 0, octets.length);
};

exports.atob = function atob(text) {
  let encoded = String(text).replace(/[\t\n\f\r ]/g, '');
  if (encoded.length % 4 === 0) encoded = encoded.replace(/={1,2}$/, '');
  if (/[^A-Za-z0-9+/]/.test(encoded)) throw wrong('Invalid character');
  if (encoded.length % 4 === 1) throw wrong('The string to be decoded is not correctly encoded.');
  const octets = codeOf('base64').encode(encoded);
  return codeOf('latin1').decode(octets, 0, octets.length);
};
