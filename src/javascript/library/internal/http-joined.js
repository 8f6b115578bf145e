// Header fields that came, joined as node joins them.

// Of these node keeps the first and drops the others.
const SINGLE = new Set([
  'age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host',
  'if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards',
  'proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent',
]);

/** `headers` and `headersDistinct` of a flat list that came. */
module.exports = function joined(list) {
  const [headers, distinct] = [Object.create(null), Object.create(null)];
  for (let at = 0; at < list.length; at += 2) {
    const [name, value] = [list[at].toLowerCase(), list[at + 1]];
    (distinct[name] ??= []).push(value);
    const before = headers[name];
    if (name === 'set-cookie') headers[name] = [...(before ?? []), value];
    else if (before === undefined) headers[name] = value;
    else if (name === 'cookie') headers[name] = `${before}; ${value}`;
    else if (!SINGLE.has(name)) headers[name] = `${before}, ${value}`;
  }
  return { headers: { ...headers }, distinct };
};
