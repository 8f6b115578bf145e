// Hosts of a URL: a name, an IPv4 address in any of its spellings, an IPv6 address in brackets.
// Names are ASCII only: others would need the tables of IDNA.

const { decode, encode } = require('internal/url-codes');

const FORBIDDEN = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const FORBIDDEN_IN_DOMAIN = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

/** A number of an IPv4 address: decimal, `0x` hexadecimal, `0` octal; undefined for none. */
function ipv4Number(text) {
  if (/^0x[\da-f]*$/i.test(text)) return text.length === 2 ? 0 : parseInt(text, 16);
  if (/^0[0-7]+$/.test(text)) return parseInt(text, 8);
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
}

const endsInNumber = (parts) => /^(\d+|0x[\da-f]*)$/i.test(parts.at(-1));

function parseIpv4(parts) {
  if (parts.length > 4) return undefined;
  const numbers = parts.map(ipv4Number);
  if (numbers.includes(undefined)) return undefined;
  const last = numbers.pop();
  if (numbers.some((number) => number > 255)) return undefined;
  if (last >= 256 ** (4 - numbers.length)) return undefined;
  const address = numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Groups of one half of an IPv6 address; the last may be an IPv4 address. */
function ipv6Groups(half, mayEndInIpv4) {
  if (half === '') return [];
  return half.split(':').flatMap((group, i, all) => {
    if (/^[\da-f]{1,4}$/i.test(group)) return [parseInt(group, 16)];
    const octets = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(group) ? group.split('.') : [];
    const isIpv4 = mayEndInIpv4 && i === all.length - 1 && octets.length === 4
      && octets.every((octet) => octet < 256);
    return isIpv4 ? [octets[0] * 256 + +octets[1], octets[2] * 256 + +octets[3]] : [NaN];
  });
}

function parseIpv6(text) {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const left = ipv6Groups(halves[0], halves.length === 1);
  const right = halves.length === 2 ? ipv6Groups(halves[1], true) : [];
  const count = left.length + right.length;
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined;
  const groups = [...left, ...new Array(8 - count).fill(0), ...right];
  return groups.some(Number.isNaN) ? undefined : `[${serializeIpv6(groups)}]`;
}

/** The longest run of two zeros and more is left out, the first of equally long ones. */
function serializeIpv6(groups) {
  let [start, longest] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length += 1;
    if (length > longest) [start, longest] = [i, length];
  }
  const write = (part) => part.map((group) => group.toString(16)).join(':');
  if (start < 0) return write(groups);
  return `${write(groups.slice(0, start))}::${write(groups.slice(start + longest))}`;
}

/** A host as it is written in a URL; undefined when it cannot be one. */
exports.parseHost = (text, isSpecial) => {
  if (text.startsWith('[')) {
    return text.endsWith(']') ? parseIpv6(text.slice(1, -1)) : undefined;
  }
  if (!isSpecial) return FORBIDDEN.test(text) ? undefined : encode(text, 'control');
  // A soft hyphen says nothing, and nothing else outside of ASCII can be looked up here.
  const name = decode(text).replaceAll('\u00ad', '').toLowerCase();
  if (/[^\0-\x7f]/.test(name)) throw new TypeError('only ASCII host names are supported');
  if (name === '' || FORBIDDEN_IN_DOMAIN.test(name)) return undefined;
  const parts = name.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  return endsInNumber(parts) ? parseIpv4(parts) : name;
};
