// `assert`: what a program is sure of. A failure's message tells both values line by line.

const { isDeepEqual } = require('internal/compare');
const { checkFunction } = require('internal/checks');
const { coded, invalidType } = require('internal/errors');

const inspect = (value) => require('internal/inspect').inspect(value, {
  compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity, sorted: true,
  breakLength: Infinity, getters: true,
});

const HEADS = {
  strictEqual: 'Expected values to be strictly equal:',
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
};

/** The lines of both values, what they have in common once; by the longest common sequence. */
function difference(actual, expected) {
  const [a, b] = [inspect(actual).split('\n'), inspect(expected).split('\n')];
  const common = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1
        : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`);
      [i, j] = [i + 1, j + 1];
    } else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) {
      lines.push(`+ ${a[i++]}`);
    } else {
      lines.push(`- ${b[j++]}`);
    }
  }
  return lines.join('\n');
}

const isShort = (value) => (typeof value !== 'object' || value === null)
  && typeof value !== 'function' && inspect(value).length <= 20;

/** Beyond so many lines the table of common sequences would take too much room. */
const LINES_MAX = 500;

function describe(operator, actual, expected) {
  if (operator === 'equal' || operator === 'notEqual') {
    return `${inspect(actual)} ${operator === 'equal' ? '==' : '!='} ${inspect(expected)}`;
  }
  if (operator.startsWith('not')) {
    const text = inspect(actual);
    if (operator === 'notDeepEqual') return `${HEADS[operator]}\n\n${text}`;
    if (text.includes('\n')) return `${HEADS[operator]}\n\n${text}\n`;
    return `${HEADS[operator]}${text.length > 5 ? '\n\n' : ' '}${text}`;
  }
  if (operator === 'deepEqual') {
    return `${HEADS[operator]}\n\n${inspect(actual)}\n\nshould loosely deep-equal\n\n`
      + `${inspect(expected)}`;
  }
  if (operator === 'strictEqual' && isShort(actual) && isShort(expected)
    && (actual !== 0 || expected !== 0)) {
    return `${HEADS[operator]}\n\n${inspect(actual)} !== ${inspect(expected)}\n`;
  }
  const lines = (value) => inspect(value).split('\n').length;
  if (lines(actual) > LINES_MAX || lines(expected) > LINES_MAX) return HEADS[operator];
  return `${HEADS[operator]}\n+ actual - expected\n\n${difference(actual, expected)}`;
}

class AssertionError extends Error {
  constructor({ message, actual, expected, operator, cut = AssertionError }) {
    super(message === undefined ? describe(operator, actual, expected) : String(message));
    Error.captureStackTrace?.(this, cut);
    const { framesOf } = require('internal/errors');
    const header = `AssertionError [ERR_ASSERTION]: ${this.message}`;
    const hidden = (value) => ({ value, writable: true, configurable: true });
    Object.defineProperties(this, { name: hidden('AssertionError'),
      stack: hidden(`${header}\n${framesOf(this)}`) });
    this.generatedMessage = message === undefined;
    this.code = 'ERR_ASSERTION';
    Object.assign(this, { actual, expected, operator });
  }

  toString() { return `${this.name} [${this.code}]: ${this.message}`; }
}

/** Throws what the program gave as message, or an error with a `text` of its own. */
function fail(message, text, details) {
  if (message instanceof Error) throw message;
  const error = new AssertionError({ ...details, message: message ?? text });
  error.generatedMessage = message === undefined;
  throw error;
}

/** What is compared when an error is expected to have certain properties. */
class Comparison {
  constructor(error, keys) {
    for (const key of keys) if (key in Object(error)) this[key] = error[key];
  }
}

function ok(...given) {
  const [value, message] = given;
  if (value) return;
  const text = message ?? (given.length === 0
    ? 'No value argument passed to `assert.ok()`' : undefined);
  if (text instanceof Error) throw text;
  const error = new AssertionError({ message: text ?? describe('equal', value, true), actual: value,
    expected: true, operator: '==', cut: ok });
  error.generatedMessage = message === undefined;
  throw error;
}

/** An assertion that compares two values. */
const comparing = (operator, is, shown = operator) => {
  const assertion = { [operator](...given) {
    if (given.length < 2) {
      const text = 'The "actual" and "expected" arguments must be specified';
      throw coded(TypeError, 'ERR_MISSING_ARGS', text);
    }
    const [actual, expected, message] = given;
    if (is(actual, expected)) return;
    if (message instanceof Error) throw message;
    const error = new AssertionError({ actual, expected, cut: assertion, operator,
      message: message === undefined ? undefined : message });
    error.operator = shown;
    throw error;
  } }[operator];
  return assertion;
};

const looselyEqual = (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b));

/** Whether an error is what `throws` and `rejects` wait for; throws if it is not. */
function expectError(error, expected, message, operator) {
  if (expected === undefined) return;
  const unexpected = (text) => fail(message, text, { actual: error, expected, operator });
  if (expected instanceof RegExp) {
    if (expected.test(String(error))) return;
    unexpected(`The input did not match the regular expression ${inspect(expected)}. Input:\n\n`
      + `${inspect(String(error))}\n`);
  }
  if (typeof expected === 'function') {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (Object.prototype.isPrototypeOf.call(Error, expected)) {
      unexpected(`The error is expected to be an instance of "${expected.name}". Received `
        + `"${error?.constructor?.name}"\n\nError message:\n\n${error?.message}`);
    }
    const answer = expected.call({}, error);
    if (answer === true) return;
    unexpected(`The ${expected.name ? `"${expected.name}" ` : ''}validation function is expected `
      + `to return "true". Received ${inspect(answer)}\n\nCaught error:\n\n${error}`);
  }
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push('name', 'message');
  for (const key of keys) {
    const isPattern = expected[key] instanceof RegExp && typeof error?.[key] === 'string';
    const same = isPattern ? expected[key].test(error[key])
      : isDeepEqual(error?.[key], expected[key], true);
    if (same) continue;
    const parts = [error, expected].map((from) => new Comparison(from, keys));
    unexpected(describe('deepStrictEqual', ...parts));
  }
}

function missing(expected, message, operator) {
  const kind = operator === 'rejects' ? 'rejection' : 'exception';
  const name = expected?.name ? ` (${expected.name})` : '';
  const text = `Missing expected ${kind}${name}${message === undefined ? '.' : `: ${message}`}`;
  if (message instanceof Error) throw message;
  throw new AssertionError({ message: text, actual: undefined, expected, operator });
}

/** Takes `expected` for the message when it is a text. */
const split = (expected, message) => {
  return typeof expected === 'string' ? [undefined, expected] : [expected, message];
};

function throws(run, ...given) {
  checkFunction(run, 'fn');
  const [expected, message] = split(...given);
  try {
    run();
  } catch (error) {
    expectError(error, expected, message, 'throws');
    return;
  }
  missing(expected, message, 'throws');
}

async function settled(promise) {
  const given = typeof promise === 'function' ? promise() : promise;
  if (typeof given?.then !== 'function') {
    throw invalidType('promiseFn', 'of type function or an instance of Promise', promise);
  }
  try {
    await given;
  } catch (error) {
    return { error };
  }
  return undefined;
}

async function rejects(promise, ...given) {
  const [expected, message] = split(...given);
  const outcome = await settled(promise);
  if (!outcome) missing(expected, message, 'rejects');
  else expectError(outcome.error, expected, message, 'rejects');
}

function unwanted(error, message, operator) {
  const kind = operator === 'doesNotReject' ? 'rejection' : 'exception';
  const text = `Got unwanted ${kind}${message ? `: ${message}` : '.'}\n`
    + `Actual message: "${error?.message}"`;
  throw new AssertionError({ message: text, actual: error, expected: undefined, operator });
}

function doesNotThrow(run, ...given) {
  const [, message] = split(...given);
  try {
    run();
  } catch (error) {
    unwanted(error, message, 'doesNotThrow');
  }
}

async function doesNotReject(promise, ...given) {
  const [, message] = split(...given);
  const outcome = await settled(promise);
  if (outcome) unwanted(outcome.error, message, 'doesNotReject');
}

const matching = (operator, wanted) => (text, pattern, message) => {
  if (!(pattern instanceof RegExp)) throw invalidType('regexp', 'an instance of RegExp', pattern);
  if (typeof text === 'string' && pattern.test(text) === wanted) return;
  const { received } = require('internal/errors');
  const what = typeof text !== 'string'
    ? `The "string" argument must be of type string. Received ${received(text)}`
    : `The input ${wanted ? 'did not match' : 'was expected to not match'} the regular expression `
      + `${inspect(pattern)}. Input:\n\n${inspect(text)}\n`;
  fail(message, what, { actual: text, expected: pattern, operator });
};

const strict = {
  strictEqual: comparing('strictEqual', Object.is),
  notStrictEqual: comparing('notStrictEqual', (a, b) => !Object.is(a, b)),
  deepStrictEqual: comparing('deepStrictEqual', (a, b) => isDeepEqual(a, b, true)),
  notDeepStrictEqual: comparing('notDeepStrictEqual', (a, b) => !isDeepEqual(a, b, true)),
};
const common = {
  AssertionError, ok, throws, rejects, doesNotThrow, doesNotReject,
  match: matching('match', true),
  doesNotMatch: matching('doesNotMatch', false),
  fail: (message) => fail(message, 'Failed', { operator: 'fail' }),
  ifError(value) {
    if (value === null || value === undefined) return;
    const text = `ifError got unwanted exception: ${value.message ?? inspect(value)}`;
    throw new AssertionError({ message: text, actual: value, expected: null, operator: 'ifError' });
  },
  ...strict,
};

module.exports = Object.assign((...given) => ok(...given), common, {
  equal: comparing('equal', looselyEqual, '=='),
  notEqual: comparing('notEqual', (a, b) => !looselyEqual(a, b), '!='),
  deepEqual: comparing('deepEqual', (a, b) => isDeepEqual(a, b, false)),
  notDeepEqual: comparing('notDeepEqual', (a, b) => !isDeepEqual(a, b, false)),
});
module.exports.strict = Object.assign((...given) => ok(...given), common, {
  equal: strict.strictEqual,
  notEqual: strict.notStrictEqual,
  deepEqual: strict.deepStrictEqual,
  notDeepEqual: strict.notDeepStrictEqual,
});
module.exports.strict.strict = module.exports.strict;
