// Calls and handlers as a learner would read them in the program.

const buffer = () => require('buffer');

const MOST = 60;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/;

const cut = (text) => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);

const quoted = (text) => JSON.stringify(cut(text));

function octets(value) {
  const view = ArrayBuffer.isView(value) ? value : new Uint8Array(value);
  const head = buffer().Buffer.from(view.buffer, view.byteOffset, Math.min(view.byteLength, 4 * MOST));
  // A character may be cut at the end of what is looked at.
  const text = head.toString().replace(/\ufffd$/, '');
  return CONTROL.test(text) ? `<${view.byteLength} octets>` : quoted(text);
}

const isOctets = (it) => ArrayBuffer.isView(it) || it instanceof ArrayBuffer;

/** A socket, a server, a request: something that JSON does not show. */
function isThing(it) {
  if (typeof it !== 'object' || it === null || isOctets(it) || it instanceof Error) return false;
  const prototype = Object.getPrototypeOf(it);
  return !Array.isArray(it) && prototype !== null && prototype !== Object.prototype;
}

/** A list or a plain object as JSON, as far as there is room. */
function nested(it, room) {
  const isList = Array.isArray(it);
  const parts = [];
  let left = room;
  for (const key of Object.keys(it)) {
    const part = `${isList ? '' : `${JSON.stringify(key)}:`}${inner(it[key], left)}`;
    parts.push(part);
    left -= part.length + 1;
    if (left < 0) break;
  }
  return isList ? `[${parts.join()}]` : `{${parts.join()}}`;
}

function inner(it, room) {
  if (typeof it === 'string') return quoted(it);
  if (typeof it === 'function') return 'callback';
  if (typeof it !== 'object' || it === null) return String(it);
  if (isOctets(it)) return octets(it);
  if (it instanceof Error) return quoted(it.message);
  if (isThing(it)) return it.constructor?.name ?? 'Object';
  return room < 0 ? '…' : nested(it, room);
}

/** One value, in at most about 60 characters. */
const value = (it) => (typeof it === 'object' ? cut(inner(it, MOST)) : inner(it, MOST));

/** Values side by side: `"hi", 3, callback`. */
const list = (values) => Array.from(values, value).join(', ');

/** `socket.emit("chat", "hi")`: what is undefined at the end is not written. */
function call(name, ...args) {
  while (args.length > 0 && args[args.length - 1] === undefined) args.pop();
  return `${name}(${list(args)})`;
}

/** `socket.on("chat") "hi"`: a handler and what it is given. */
function on(name, event, args) {
  const given = list(args.filter((it) => typeof it !== 'function' && !isThing(it)));
  return `${name}.on(${quoted(String(event))})${given && ' '}${given}`;
}

module.exports = { call, on, list, value };
