// `util`: node's odds and ends. What takes room lives in files of its own, loaded when first used.

const { checkFunction } = require('internal/checks');
const { coded, invalidType } = require('internal/errors');
const { format, formatWithOptions } = require('internal/format');

const custom = Symbol.for('nodejs.util.promisify.custom');

/** A function that takes a callback last, as one that returns a promise. */
function promisify(original) {
  checkFunction(original, 'original');
  if (original[custom]) {
    checkFunction(original[custom], 'util.promisify.custom');
    return original[custom];
  }
  function promised(...args) {
    return new Promise((resolve, reject) => {
      const settle = (error, value) => (error ? reject(error) : resolve(value));
      Reflect.apply(original, this, [...args, settle]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

/** A function that returns a promise, as one that takes a callback last. */
function callbackify(original) {
  checkFunction(original, 'original');
  return function callbackified(...args) {
    const callback = args.pop();
    checkFunction(callback, 'last argument');
    const soon = globalThis.process.nextTick;
    Reflect.apply(original, this, args).then(
      (value) => soon(() => callback.call(this, null, value)),
      (reason) => soon(() => callback.call(this, reason ?? rejectedWith(reason))),
    );
  };
}

function rejectedWith(reason) {
  const message = 'Promise was rejected with a falsy value';
  return Object.assign(coded(Error, 'ERR_FALSY_VALUE_REJECTION', message), { reason });
}

function inherits(constructor, parent) {
  checkFunction(parent, 'superCtor');
  checkFunction(constructor, 'ctor');
  if (parent.prototype === undefined) {
    throw invalidType('superCtor.prototype', 'of type object', parent.prototype);
  }
  const value = { value: parent, writable: true, configurable: true };
  Object.defineProperty(constructor, 'super_', value);
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

/** The function with a warning at its first call. */
function deprecate(original, message, code) {
  let warned = false;
  return function deprecated(...args) {
    if (!warned) {
      warned = true;
      globalThis.process?.emitWarning?.(message, 'DeprecationWarning', code);
    }
    return new.target ? Reflect.construct(original, args, new.target)
      : Reflect.apply(original, this, args);
  };
}

/** No section is ever switched on: programs have no environment. */
function debuglog() {
  return Object.assign(() => {}, { enabled: false });
}

function stripVTControlCharacters(text) {
  return require('internal/inspect-text').withoutColours(text);
}

function styleText(styles, text) {
  const { colors } = require('internal/inspect').inspect;
  return [styles].flat().reduceRight((inner, style) => {
    if (!colors[style]) throw require('internal/errors').invalidValue('format', style);
    const [on, off] = colors[style];
    return `\u001b[${on}m${inner}\u001b[${off}m`;
  }, text);
}

module.exports = {
  format, formatWithOptions, promisify, callbackify, inherits, deprecate, debuglog,
  debug: debuglog, stripVTControlCharacters, styleText,
  isArray: Array.isArray,
  isDeepStrictEqual: (a, b) => require('internal/compare').isDeepEqual(a, b, true),
  toUSVString: (text) => String(text).toWellFormed(),
};

const lazy = {
  inspect: () => require('internal/inspect').inspect,
  types: () => require('internal/types'),
  TextEncoder: () => require('encoding').TextEncoder,
  TextDecoder: () => require('encoding').TextDecoder,
};
for (const name of Object.keys(lazy)) {
  const { defineProperty } = Object;
  const define = (value) => defineProperty(module.exports, name, { value, writable: true });
  defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get: () => define(lazy[name]())[name],
    set: define,
  });
}
