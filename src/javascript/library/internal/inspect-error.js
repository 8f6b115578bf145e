// How an error is printed: its stack with its class told, its cause, its other properties.

const { framesOf } = require('internal/errors');
const { isNativeError } = require('internal/types');

const isError = (value) => isNativeError(value) || value instanceof Error;

/**
 * The stack with the name and message that the error has by now: the engine wrote down those of its
 * beginning, which constructors change. What the program set as stack stays as it is.
 */
function stackOf(error) {
  const stack = error.stack ? String(error.stack) : '';
  const header = Error.prototype.toString.call(error);
  if (stack === '') return header;
  const frames = Object.hasOwn(error, 'stack') ? '' : framesOf(error);
  return frames === '' ? stack : `${header}\n${frames}`;
}
exports.stackOf = stackOf;

/** Where four lines or more of `a` are in `b` too: the first of them, and how many they are. */
function common(a, b) {
  for (let offset = 0; offset < a.length - 3; offset++) {
    const at = b.indexOf(a[offset]);
    if (at < 0) continue;
    let length = 1;
    while (offset + length < a.length && at + length < b.length
      && a[offset + length] === b[at + length]) length += 1;
    if (length > 3) return { offset, length };
  }
  return { offset: 0, length: 0 };
}

function frames(ctx, error, text) {
  const lines = text.split('\n');
  let cause;
  try {
    ({ cause } = error);
  } catch {
    return lines; // a getter of the program's
  }
  if (!isError(cause)) return lines;
  const stack = stackOf(cause);
  const start = stack.indexOf('\n    at');
  if (start < 0) return lines;
  const { offset, length } = common(lines, stack.slice(start + 1).split('\n'));
  if (length > 0) {
    const note = `    ... ${length - 2} lines matching cause stack trace ...`;
    lines.splice(offset + 1, length - 2, ctx.stylize(note, 'undefined'));
  }
  return lines;
}

/** The class is told where the stack begins with another name: `ParseError [SyntaxError]: …`. */
function withClass(stack, constructor, name, prefixOf) {
  let { length } = name;
  const regular = name.endsWith('Error') && stack.startsWith(name)
    && (stack.length === length || stack[length] === ':' || stack[length] === '\n');
  if (constructor !== null && !regular) return stack;
  let fallback = 'Error';
  if (constructor === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack)
      ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    const found = start?.[1] ?? '';
    length = found.length;
    fallback = found || 'Error';
  }
  const prefix = prefixOf(fallback).slice(0, -1);
  if (name === prefix) return stack;
  if (!prefix.includes(name)) return `${prefix} [${name}]${stack.slice(length)}`;
  return length === 0 ? `${prefix}: ${stack}` : `${prefix}${stack.slice(length)}`;
}

/** The text before an error's braces; changes `keys` to those worth a line of their own. */
exports.describe = (ctx, error, constructor, prefixOf, keys) => {
  const name = error.name == null ? 'Error' : String(error.name);
  let stack = stackOf(error);
  if (!ctx.showHidden) {
    for (const key of ['name', 'message', 'stack']) {
      const at = keys.indexOf(key);
      if (at >= 0 && stack.includes(error[key])) keys.splice(at, 1);
    }
  }
  if ('cause' in error && !keys.includes('cause')) keys.push('cause');
  if (Array.isArray(error.errors) && !keys.includes('errors')) keys.push('errors');
  stack = withClass(stack, constructor, name, prefixOf);
  const { message } = error;
  const at = (message && stack.indexOf(message)) || -1;
  const start = stack.indexOf('\n    at', at < 0 ? at : at + message.length);
  if (start < 0) stack = `[${stack}]`;
  else stack = [stack.slice(0, start), ...frames(ctx, error, stack.slice(start + 1))].join('\n');
  return stack.replaceAll('\n', `\n${' '.repeat(ctx.indentationLvl)}`);
};
