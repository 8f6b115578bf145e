// Errors as node makes them: a code beside the message, and in what is printed.

/** The frames alone: some engines begin a stack with the error's name and message, some do not. */
exports.framesOf = (error) => {
  const stack = String(error.stack ?? '');
  const start = stack.search(/^ +at /m);
  return start < 0 ? '' : stack.slice(start).trimEnd();
};

/** An error of kind `Base` with a code. */
function coded(Base, code, message) {
  const error = new Base(message);
  Error.captureStackTrace?.(error, coded);
  const header = `${error.name} [${code}]: ${message}`;
  const hidden = (value) => ({ value, writable: true, configurable: true, enumerable: false });
  const frames = exports.framesOf(error);
  Object.defineProperty(error, 'stack', hidden(frames ? `${header}\n${frames}` : header));
  Object.defineProperty(error, 'toString', hidden(() => header));
  error.code = code;
  return error;
}
exports.coded = coded;

/** What a value is, in the words of node's messages: `type number (5)`, `an instance of Map`. */
function received(value) {
  if (value == null) return `${value}`;
  if (typeof value === 'function') return `function ${value.name}`;
  const { inspect } = require('internal/inspect');
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    return name ? `an instance of ${name}` : inspect(value, { depth: -1 });
  }
  const text = inspect(value);
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}
exports.received = received;

/** `expected` goes on from "must be": `of type string`, `an instance of URL`. */
exports.invalidType = (name, expected, value) => {
  const what = name.includes(' ') || name.endsWith('argument') ? name
    : `"${name}" ${name.includes('.') ? 'property' : 'argument'}`;
  const message = `The ${what} must be ${expected}. Received ${received(value)}`;
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', message);
};

exports.invalidValue = (name, value, reason = 'is invalid') => {
  const { inspect } = require('internal/inspect');
  const text = inspect(value);
  const shown = text.length > 128 ? `${text.slice(0, 128)}...` : text;
  const what = name.includes('.') ? 'property' : 'argument';
  const message = `The ${what} '${name}' ${reason}. Received ${shown}`;
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', message);
};

function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '_');
}

exports.outOfRange = (name, range, value) => {
  const large = Number.isInteger(value) && Math.abs(value) > 2 ** 32;
  let shown = require('internal/inspect').inspect(value);
  if (large) shown = grouped(value);
  if (typeof value === 'bigint') {
    shown = String(value);
    if (value > 2n ** 32n || value < -(2n ** 32n)) shown = grouped(value);
    shown += 'n';
  }
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${shown}`;
  return coded(RangeError, 'ERR_OUT_OF_RANGE', message);
};

/** What an aborted signal makes an operation fail with. */
exports.aborted = (cause) => {
  const error = new Error('The operation was aborted', cause === undefined ? undefined : { cause });
  error.code = 'ABORT_ERR';
  error.name = 'AbortError';
  return error;
};
