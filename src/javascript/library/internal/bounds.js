// What the engine does in one piece cannot be interrupted. So what takes long with many elements or
// characters is counted as work: before it is done, or after, by what came of it. The weights are
// about what a piece takes beside a step of a loop.
//
// Operators cannot be counted: `a === b` of long strings, products of large BigInts, `{ ...o }` of an
// object with many properties.

const { charge } = require('internal/native');
const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;

/** So few cost nothing. */
const FREE = 1024;

function count(n, weight) {
  if (n > FREE) charge(n * weight);
}

/** Puts `around(native, self, args)` in the place of a method. */
function wrap(owner, name, around) {
  const { value: native, ...kind } = getOwnPropertyDescriptor(owner, name);
  const { [name]: value } = { [name](...args) { return around(native, this, args); } };
  defineProperty(value, 'length', { value: native.length });
  defineProperty(owner, name, { ...kind, value });
}

/** Counts the elements of `this` before. */
function before(owner, weight, names, size = (self) => self?.length) {
  for (const name of names) {
    wrap(owner, name, (native, self, args) => {
      count(size(self), weight);
      return apply(native, self, args);
    });
  }
}

/** Counts the elements of what comes out. */
function after(owner, weight, names) {
  for (const name of names) {
    wrap(owner, name, (native, self, args) => {
      const made = apply(native, self, args);
      count(made?.length, weight);
      return made;
    });
  }
}

/** Counts the elements of the first argument before. */
function given(owner, weight, names) {
  for (const name of names) {
    wrap(owner, name, (native, self, args) => {
      count(args[0]?.length, weight);
      return apply(native, self, args);
    });
  }
}

/** The iterator is the same function as this method. */
function iterates(owner, name) {
  const kind = getOwnPropertyDescriptor(owner, Symbol.iterator);
  defineProperty(owner, Symbol.iterator, { ...kind, value: owner[name] });
}

/** Puts a constructor that counts its arguments first in the place of another. */
function wrapConstructor(Native, counts) {
  const { [Native.name]: Counted } = {
    [Native.name]: function (...args) {
      counts(args);
      return new.target ? construct(Native, args, new.target) : apply(Native, this, args);
    },
  };
  Object.setPrototypeOf(Counted, Object.getPrototypeOf(Native));
  for (const key of ownKeys(Native)) {
    defineProperty(Counted, key, getOwnPropertyDescriptor(Native, key));
  }
  defineProperty(Native.prototype, 'constructor', { value: Counted });
  return Counted;
}

before(Array.prototype, 1 / 16, ['copyWithin', 'shift', 'splice', 'unshift', 'indexOf', 'includes',
  'lastIndexOf']);
before(Array.prototype, 1, ['slice', 'with', 'toSpliced', 'fill', 'join', 'reverse', 'flat',
  'toString', 'toLocaleString', 'toReversed', 'values', 'entries', 'keys']);
before(Array.prototype, 6, ['sort', 'toSorted']);
after(Array.prototype, 2, ['concat']);
iterates(Array.prototype, 'values');

const TypedArray = Object.getPrototypeOf(Uint8Array);
const length = getOwnPropertyDescriptor(TypedArray.prototype, 'length').get;
const elements = (self) => (ArrayBuffer.isView(self) ? apply(length, self, []) : 0);
before(TypedArray.prototype, 1 / 32, ['copyWithin', 'fill', 'slice', 'indexOf', 'includes',
  'lastIndexOf', 'reverse', 'toReversed', 'with'], elements);
before(TypedArray.prototype, 1, ['join', 'toLocaleString', 'sort', 'toSorted', 'values', 'entries',
  'keys'], elements);
iterates(TypedArray.prototype, 'values');
given(TypedArray.prototype, 1 / 8, ['set']);
before(Uint8Array.prototype, 1 / 16, ['toHex', 'toBase64'], elements);
before(ArrayBuffer.prototype, 1 / 32, ['slice'], (self) => self.byteLength);
for (const name of ['ArrayBuffer', 'Uint8Array', 'Int8Array', 'Uint8ClampedArray', 'Uint16Array',
  'Int16Array', 'Uint32Array', 'Int32Array', 'Float16Array', 'Float32Array', 'Float64Array',
  'BigInt64Array', 'BigUint64Array']) {
  const value = wrapConstructor(globalThis[name], ([size]) => {
    if (typeof size === 'number') count(size, 1 / 32);
    else if (Array.isArray(size)) count(size.length, 1);
    else if (size?.length > FREE) charge(size.length / 8);
  });
  defineProperty(globalThis, name, { value });
}

before(String.prototype, 1 / 8, ['replace', 'toLowerCase', 'toUpperCase', 'toLocaleLowerCase',
  'toLocaleUpperCase', 'trim', 'trimStart', 'trimEnd', 'toWellFormed', 'isWellFormed',
  'localeCompare']);
before(String.prototype, 1 / 2, ['split', 'replaceAll', 'normalize']);
before(String.prototype, 1, [Symbol.iterator]);
after(String.prototype, 1 / 16, ['slice', 'substring', 'substr', 'concat', 'repeat', 'padStart',
  'padEnd']);
// In the worst case a search compares the whole needle at every place.
for (const name of ['indexOf', 'lastIndexOf', 'includes', 'split', 'replaceAll']) {
  wrap(String.prototype, name, (native, self, args) => {
    const [needle] = args;
    count(self?.length, (typeof needle === 'string' ? 1 + needle.length : 1) / 16);
    return apply(native, self, args);
  });
}
wrap(String, 'raw', (native, self, args) => {
  count(args[0]?.raw?.length, 1);
  return apply(native, self, args);
});
wrap(String, 'fromCharCode', (native, self, args) => {
  count(args.length, 2);
  return apply(native, self, args);
});

after(Object, 2, ['keys', 'values', 'entries', 'getOwnPropertyNames']);
given(JSON, 1 / 2, ['parse']);
after(JSON, 1, ['stringify']);
for (const Kind of [Map, Set]) {
  before(Kind.prototype, 12, ['entries', 'values', 'keys'], (self) => self.size);
}
iterates(Map.prototype, 'entries');
iterates(Set.prototype, 'values');

// Compiling. `eval` sees globals alone so, not what is around it.
const compiles = (args) => {
  for (const text of args) charge(200 + (text?.length ?? 0));
};
for (const example of [() => {}, async () => {}, function* () {}, async function* () {}]) {
  const Counted = wrapConstructor(example.constructor, compiles);
  if (Counted.name === 'Function') defineProperty(globalThis, 'Function', { value: Counted });
}
wrap(globalThis, 'eval', (native, self, args) => {
  compiles(args);
  return native(...args);
});

// Places are read from the engine's own stacks: what a program sets here changes nothing.
for (const [name, value] of [['prepareStackTrace', undefined], ['stackTraceLimit', 10]]) {
  defineProperty(Error, name, { value, writable: true, configurable: true, enumerable: true });
}

// Threads, which there are none of.
delete globalThis.SharedArrayBuffer;
delete globalThis.Atomics;
