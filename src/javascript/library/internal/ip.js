// Whether a text is an IP address, and of which version.

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const V4 = new RegExp(`^(?:${BYTE}\\.){3}${BYTE}$`);

/** Colons and groups of hexadecimal digits, at most one run of groups left out. */
function isIPv6(text) {
  const plain = String(text).replace(/%[0-9a-zA-Z.:-]+$/, '');
  const halves = plain.split('::');
  if (halves.length > 2 || !plain.includes(':')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = plain.endsWith('::') || plain.endsWith(':') ? undefined : groups.at(-1);
  const dotted = tail !== undefined && V4.test(tail);
  const hex = dotted ? groups.slice(0, -1) : groups;
  const count = hex.length + (dotted ? 2 : 0);
  const known = hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
  return known && (halves.length === 2 ? count < 8 : count === 8);
}

const isIPv4 = (text) => V4.test(String(text));

const isIP = (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

module.exports = { isIP, isIPv4, isIPv6 };
