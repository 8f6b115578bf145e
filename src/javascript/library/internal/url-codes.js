// Percent-encoding as the URL Standard has it: each part of a URL with a set of its own.

const utf8 = require('internal/utf8');

/** What is encoded, besides controls and all that is not ASCII, in each part. */
const SETS = {
  control: '',
  fragment: ' "<>`',
  query: ' "#<>',
  specialQuery: ' "#<>\'',
  // Node leaves `^` as it is, which the Standard encodes since 2024.
  path: ' "#<>?`{}',
  userinfo: ' "#<>?`{}/:;=@[\\]^|',
  form: ' "#<>?`{}/:;=@[\\]^|$%&+,!\'()~',
};

const patterns = {};
function patternOf(set) {
  const quoted = SETS[set].replace(/[\\\]^]/g, '\\$&');
  patterns[set] ??= new RegExp(`[\\0-\\x1f\\x7f-\\u{10ffff}${quoted}]+`, 'gu');
  return patterns[set];
}

const hex = (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;

exports.encode = (text, set) => {
  return text.replace(patternOf(set), (part) => Array.from(utf8.encode(part), hex).join(''));
};

/** Text whose `%` and two hexadecimal digits are octets of UTF-8. */
exports.decode = (text) => {
  if (!text.includes('%')) return text.toWellFormed();
  const octets = [];
  const given = utf8.encode(text);
  for (let i = 0; i < given.length; i++) {
    const digits = String.fromCharCode(given[i + 1], given[i + 2]);
    if (given[i] === 0x25 && /^[\da-f]{2}$/i.test(digits)) {
      octets.push(parseInt(digits, 16));
      i += 2;
    } else {
      octets.push(given[i]);
    }
  }
  return utf8.decode(octets);
};

/** `a=1&b=2` as pairs of names and values. */
exports.parseForm = (text) => {
  const decode = (part) => exports.decode(part.replaceAll('+', ' '));
  return text.split('&').filter((part) => part !== '').map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
  });
};

exports.serializeForm = (pairs) => {
  const encode = (part) => exports.encode(part, 'form').replaceAll('%20', '+');
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
};
