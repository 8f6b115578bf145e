// `querystring`: what is between `?` and `#`, as an object.

/** Decodes what `decodeURIComponent` refuses too. */
function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return require('internal/url-codes').decode(text);
  }
}

function escape(text) {
  const given = typeof text === 'object' ? String(text) : text;
  if (String(given).isWellFormed()) return encodeURIComponent(given);
  throw require('internal/errors').coded(URIError, 'ERR_INVALID_URI', 'URI malformed');
}

function primitive(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : '';
}

function stringify(object, separator, equals, options) {
  if (object === null || typeof object !== 'object') return '';
  const encode = options?.encodeURIComponent ?? module.exports.escape;
  const between = equals || '=';
  return Object.keys(object).flatMap((key) => {
    const name = encode(primitive(key));
    const values = Array.isArray(object[key]) ? object[key] : [object[key]];
    return values.map((value) => `${name}${between}${encode(primitive(value))}`);
  }).join(separator || '&');
}

function parse(text, separator, equals, options) {
  const found = Object.create(null);
  if (typeof text !== 'string' || text === '') return found;
  const decode = (part) => {
    const plain = part.replaceAll('+', ' ');
    if (options?.decodeURIComponent === undefined) return module.exports.unescape(plain);
    try {
      return options.decodeURIComponent(plain);
    } catch {
      return module.exports.unescape(plain);
    }
  };
  const between = equals || '=';
  const most = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000;
  const parts = text.split(separator || '&').filter((part) => part !== '');
  for (const part of most > 0 ? parts.slice(0, most) : parts) {
    const at = part.indexOf(between);
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : decode(part.slice(at + between.length));
    if (!(name in found)) found[name] = value;
    else if (Array.isArray(found[name])) found[name].push(value);
    else found[name] = [found[name], value];
  }
  return found;
}

module.exports = { parse, stringify, escape, unescape, decode: parse, encode: stringify };
