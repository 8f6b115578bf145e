// What the engine does in one piece cannot be interrupted. So what takes long with many elements or
// characters is counted as work before it is done, or after, by what came of it.

const { charge } = require('internal/native');
const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;

const FREE = 1024;
const MOVED = 1 / 16;
const VISITED = 1;
const SEARCHED = 1 / 32;

function wrap(owner, name, count) {
  const { value: native, ...kind } = getOwnPropertyDescriptor(owner, name);
  const { [name]: value } = { [name](...args) { return count(native, this, args); } };
  defineProperty(value, 'length', { value: native.length });
  defineProperty(owner, name, { ...kind, value });
  return value;
}

/** Counts the elements of `this` before. */
const before = (owner, names, weight, size = (self) => self.length) => {
  for (const name of names) {
    wrap(owner, name, (native, self, args) => {
      const n = self == null ? 0 : size(self);
      if (n > FREE) charge(n * weight);
      return apply(native, self, args);
    });
  }
};

/** Counts the elements of what comes out. */
const after = (owner, names, weight) => {
  for (const name of names) {
    wrap(owner, name, (native, self, args) => {
      const made = apply(native, self, args);
      const n = made == null ? 0 : made.length;
      if (n > FREE) charge(n * weight);
      return made;
    });
  }
};

/** The iterator is the same function as this method. */
function iterates(owner, name) {
  const kind = getOwnPropertyDescriptor(owner, Symbol.iterator);
  defineProperty(owner, Symbol.iterator, { ...kind, value: owner[name] });
}

before(Array.prototype, ['copyWithin', 'fill', 'shift', 'slice', 'splice', 'unshift', 'concat',
  'with', 'toSpliced'], MOVED);
before(Array.prototype, ['join', 'reverse', 'flat', 'toString', 'toLocaleString', 'sort',
  'toSorted', 'toReversed', 'values', 'entries', 'keys'], VISITED);
iterates(Array.prototype, 'values');

const typed = Object.getPrototypeOf(Uint8Array.prototype);
const length = getOwnPropertyDescriptor(typed, 'length').get;
const elements = (self) => (ArrayBuffer.isView(self) ? apply(length, self, []) ?? 0 : 0);
before(typed, ['copyWithin', 'fill', 'slice', 'indexOf', 'includes', 'lastIndexOf'], SEARCHED,
  elements);
before(typed, ['join', 'reverse', 'sort', 'toSorted', 'toReversed', 'with', 'toLocaleString'],
  VISITED, elements);
before(typed, ['values', 'entries', 'keys'], VISITED, elements);
iterates(typed, 'values');
wrap(typed, 'set', (native, self, args) => {
  const n = args[0]?.length;
  if (n > FREE) charge(n * (ArrayBuffer.isView(args[0]) ? SEARCHED : VISITED));
  return apply(native, self, args);
});
before(Uint8Array.prototype, ['toHex', 'toBase64'], MOVED, elements);
before(ArrayBuffer.prototype, ['slice'], SEARCHED, (self) => self.byteLength);

before(String.prototype, ['split', 'replace', 'replaceAll', 'toLowerCase', 'toUpperCase',
  'toLocaleLowerCase', 'toLocaleUpperCase', 'normalize', 'trim', 'trimStart', 'trimEnd',
  'toWellFormed', 'isWellFormed', 'localeCompare'], MOVED);
before(String.prototype, [Symbol.iterator], VISITED);
after(String.prototype, ['slice', 'substring', 'substr', 'concat', 'repeat', 'padStart', 'padEnd'],
  SEARCHED);
// In the worst case a search compares the whole needle at every place.
for (const name of ['indexOf', 'lastIndexOf', 'includes', 'split', 'replaceAll']) {
  wrap(String.prototype, name, (native, self, args) => {
    const [needle] = args;
    const n = typeof self === 'string' ? self.length : 0;
    if (n > FREE) charge(n * SEARCHED * (typeof needle === 'string' ? 1 + needle.length / 16 : 1));
    return apply(native, self, args);
  });
}

after(Object, ['keys', 'values', 'entries', 'getOwnPropertyNames'], VISITED);
wrap(JSON, 'parse', (native, self, args) => {
  if (args[0]?.length > FREE) charge(args[0].length / 4);
  return apply(native, self, args);
});
after(JSON, ['stringify'], 1 / 4);
wrap(String, 'raw', (native, self, args) => {
  if (args[0]?.raw?.length > FREE) charge(args[0].raw.length);
  return apply(native, self, args);
});
for (const Kind of [Map, Set]) {
  before(Kind.prototype, ['entries', 'values', 'keys'], VISITED, (self) => self.size);
}
iterates(Map.prototype, 'entries');
iterates(Set.prototype, 'values');

// Places are read from the engine's own stacks: what a program sets here changes nothing.
for (const [name, value] of [['prepareStackTrace', undefined], ['stackTraceLimit', 10]]) {
  defineProperty(Error, name, { value, writable: true, configurable: true, enumerable: true });
}

// Threads, which there are none of.
delete globalThis.SharedArrayBuffer;
delete globalThis.Atomics;
