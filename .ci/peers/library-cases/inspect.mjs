// util.inspect and util.format.
import { pick, random, times } from './kit.mjs';

class Foo {
  constructor() {
    this.a = 1;
  }
}
class Bar extends Map {}
class List extends Array {}
class Failure extends Error {}
class NamedFailure extends Error {
  constructor(message) {
    super(message);
    this.name = 'NamedFailure';
  }
}
const custom = Symbol.for('nodejs.util.inspect.custom');
const cyclic = () => {
  const a = { a: 1 };
  a.self = a;
  a.list = [a, { d: a }];
  a.map = new Map([[a, a]]);
  return a;
};
const without = (value) => Object.setPrototypeOf(value, null);

const VALUES = [
  () => 1, () => -0, () => NaN, () => Infinity, () => 1e21, () => 123456789.123456, () => 1234n,
  () => 'a', () => "it's", () => 'it\'s "q"', () => 'it\'s "q" `x`', () => '`\'"${',
  () => 'a\nb\x01\x7f\ud800\x9f\\', () => Symbol('s\n'), () => Symbol(), () => Symbol(''),
  () => undefined, () => null, () => true, () => [], () => ({}), () => [1, 2, 3],
  () => times(12, (i) => i), () => times(120, (i) => i * i), () => times(101, (i) => i),
  () => times(30, (i) => `item ${i}`), () => times(7, (i) => 'x'.repeat(i * 10)),
  () => [1.5, -2.25, 3, 4, 5, 6, 7], () => times(9, (i) => -i), () => [...'abcdefgh'],
  () => times(8, (i) => i % 2 === 0), () => times(27, (i) => ({ i })), () => times(10, (i) => [i]),
  () => times(200, (i) => BigInt(i)), () => [1, 'a', 2, 'b', 3, 'c', 4], () => times(7, () => null),
  () => times(8, () => undefined), () => times(26, (i) => 'abcdefghijklmnopqrstuvwxyz'.slice(0, i)),
  () => ({ a: { b: { c: { d: 1 } } } }), () => ({ a: [[[[1]]]] }), () => [[[[]]]], () => [[[{}]]],
  () => ({ a: { b: { c: {} } } }), () => ({ a: { b: { c: [] } } }),
  () => ({ a: { b: { c: new Map([[1, 2]]), d: new Set(), e: new Foo() } } }),
  () =>
    new Map([
      [1, { a: 2 }], ['x', new Map([[{}, []]])],
    ]),
  () => new Set([1, 'a', { b: 1 }]), () => new Set(times(150, (i) => i)),
  () => new Map(times(120, (i) => [i, i])), () => new Map([['a'.repeat(50), 'b'.repeat(50)]]),
  () => Object.assign(new Map([[1, 2]]), { extra: 1 }), () => new Bar([[1, 2]]), () => new Bar(),
  () => new List(3), () => List.from([1, 2, 3]), () => new Foo(),
  () => new (class extends Foo {})(), () => new (class {})(), () => Object.create(null),
  () => Object.assign(Object.create(null), { x: 1 }), () => Object.create({}),
  () => Object.create(Foo.prototype), () => Object.create(Object.create(null)),
  () => Object.create(Object.create(Object.create(null))), () => Object.create({ a: 1 }),
  () => Foo.prototype, () => Object.create(Array.prototype), () => Object.create(Map.prototype),
  () => Object.create(Date.prototype), cyclic,
  () => {
    const a = [];
    a.push(a);
    return a;
  },
  () => {
    const a = {};
    const b = { a };
    a.b = b;
    return [a, b];
  },
  () => {
    const s = new Set();
    s.add(s);
    return s;
  },
  () => {
    const a = { x: {} };
    a.x.a = a;
    a.x.x = a.x;
    return a;
  },
  () => function () {}, () => () => 1, () => function foo() {}, () => class A {},
  () => class B extends Foo {}, () => class extends Foo {}, () => class {},
  () => class C extends null {}, () => async () => {}, () => function* g() {},
  () => async function* ag() {}, () => Object.assign(function z() {}, { p: 1 }),
  () => Object.assign(class D {}, { p: 1 }), () => without(function q() {}),
  () =>
    class {
      static x = 1;
    },
  () =>
    function classy(a) {
      return a;
    },
  () => ({ f() {}, g: () => {}, h: class {}, async i() {}, get: function () {} }),
  () => without(class E {}), () => Object.assign(() => {}, { a: { b: 1 } }), () => parseInt,
  () => Map, () => new Date(0), () => new Date(NaN), () => Object.assign(new Date(0), { x: 1 }),
  () => without(new Date(0)), () => new (class D2 extends Date {})(0), () => /a/g,
  () => Object.assign(/a/, { x: 1 }), () => without(/x/),
  () => new (class R2 extends RegExp {})('a'), () => new Uint8Array([1, 2, 3]),
  () => new Uint8Array(0), () => new Uint8Array(150), () => new Float64Array([1.5, -0, NaN]),
  () => new BigInt64Array(2), () => Object.assign(new Int8Array(2), { x: 1 }),
  () => without(new Uint8Array(2)), () => new (class T2 extends Uint8Array {})(2),
  () => new ArrayBuffer(4), () => new ArrayBuffer(150), () => new DataView(new ArrayBuffer(2)),
  () => Object.assign(new ArrayBuffer(1), { x: 1 }), () => new WeakMap(), () => new WeakSet(),
  () => [, 1, , 2, , ,], () => [1, , 3], () => new Array(5), () => new Array(1),
  () => Object.assign([1, 2], { x: 1, '-1': 2 }),
  () => {
    const a = [1];
    a[200] = 2;
    return a;
  },
  () => {
    const a = [];
    a[4294967294] = 1;
    return a;
  },
  () => {
    const a = times(99, (i) => i);
    a[105] = 1;
    return a;
  },
  () => Object.assign([], { 1.5: 1, '01': 2 }), () => without([1]), () => Object(1),
  () => Object(-0), () => Object('abc'), () => Object.assign(Object('ab'), { x: 1 }),
  () => Object(false), () => Object(1n), () => Object(Symbol('a')),
  () => new (class N2 extends Number {})(1), () => new (class S2 extends String {})('x'),
  () => [Object('a'), Object(1)],
  () => ({
    get a() {
      return 1;
    },
    set a(v) {},
    get b() {
      return { c: 2 };
    },
    set d(v) {},
    get e() {
      throw new Error('no');
    },
  }),
  () => ({ [Symbol('k')]: 1, 'a-b': 2, 3: 4, a_1: 5, $: 6, é: 7, "it's": 8, '': 9, 'a\nb': 1 }),
  () => ({ ['__proto__']: 1 }), () => Object.defineProperty({}, 'hidden', { value: 1 }),
  () => Object.defineProperty({}, Symbol('h'), { value: 1 }), () => Object.freeze({ a: 1 }),
  () => ({ a: 'x'.repeat(100) }), () => ({ a: 'x\n'.repeat(60) }), () => ['x'.repeat(200)],
  () => ['a\nb'], () => 'x'.repeat(10050), () => 'a\nb'.repeat(30),
  () => ({ a: { b: 'long text with\nnew lines in it, and more of it, and more of it, and more' } }),
  () => new Map([['a\nb', 'c\nd'.repeat(20)]]), () => ({ [Symbol.toStringTag]: 'T', a: 1 }),
  () =>
    new (class X {
      get [Symbol.toStringTag]() {
        return 'Tag';
      }
    })(),
  () => Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'Hid' }),
  () =>
    new (class X2 extends Map {
      get [Symbol.toStringTag]() {
        return 'Tag';
      }
    })([[1, 2]]),
  () =>
    new (class X3 {
      get [Symbol.toStringTag]() {
        return 'X3';
      }
    })(),
  () => Object.defineProperty(Object.create(null), Symbol.toStringTag, { value: 'Null' }),
  () =>
    (function () {
      return arguments;
    })(1, 2),
  () => (function* () {})(), () => (async function* () {})(), () => Math, () => JSON,
  () => ({ a: undefined, b: null, c: NaN, d: -0 }),
  () => ['a'.repeat(20), 'b'.repeat(30), 'c'.repeat(20)],
  () => [
    { a: 1, b: 2 }, { a: 3, b: 4 },
  ],
  () => ({
    a: 1, b: 'two', c: [3], d: { e: { f: { g: {} } } }, h: new Map([['k', { v: { w: { x: 1 } } }]]),
  }),
  () => times(6, (i) => 'y'.repeat(15 - i)),
  () => ({ a: times(7, (i) => 'long '.repeat(i)), b: times(10, (i) => ({ i, j: [i] })) }),
  () => ({
    [custom]() {
      return 'custom\nline';
    },
  }),
  () => ({
    a: {
      [custom]() {
        return 'custom\nline';
      },
    },
  }),
  () => ({
    a: {
      [custom](depth, options, inspect) {
        return {
          depth, n: Object.keys(options).length, i: typeof inspect,
          s: options.stylize('x', 'string'),
        };
      },
    },
  }),
  () => ({
    [custom]() {
      return this;
    },
    a: 1,
  }),
  () => ({ [custom]: 5 }),
  () => ({
    [custom]() {
      return null;
    },
  }),
  () => ({
    a: {
      b: {
        c: {
          d: {
            [custom](depth) {
              return `d${depth}`;
            },
          },
        },
      },
    },
  }),
  () => without(new Map([[1, 2]])), () => without(new Set([1])), () => without(new ArrayBuffer(1)),
  () => ['日本語', '日本', '中', 'a', 'b', 'c', 'd'], () => ['é', '😀', 'x', 'y', 'z', 'w', 'v', 'u'],
  () => ({ 日本語: '日本語' }), () => new Error('plain'), () => new Failure('sub'),
  () => new NamedFailure('named'),
  () => Object.assign(new TypeError('extra'), { code: 'E_X', more: { y: 1 } }),
  () => new Error('outer', { cause: new Error('inner') }),
  () => new Error('outer', { cause: 'text' }), () => new Error('u', { cause: undefined }),
  () => new AggregateError([new Error('one')], 'all'),
  () => Object.assign(new Error('h'), { name: 'Zed' }), () => new Error(''), () => new Failure(),
  () => ({ e: [new Error('multi\nline')] }), () => Object.assign(new Error('x'), { stack: 'foo' }),
  () => Object.assign(new Error('x'), { stack: 'Error: x\n    at foo (bar.js:1:2)' }),
  () => Object.defineProperty(new Error('y'), 'stack', { value: undefined }),
  () => [new Error('in a list')], () => new Map([[new Error('k'), new Error('v')]]),
  () => Object.assign(new Error('msg'), { message: 'other' }),
  () => {
    const e = new Error('deep');
    e.self = e;
    return e;
  },
  () => ({ a: { b: { c: new Error('deep') } } }), () => Object.create(Error.prototype),
  () => new RangeError('r').message,
];

const OPTIONS = [
  undefined, { depth: 0 }, { depth: 1 }, { depth: null }, { depth: Infinity }, { compact: false },
  { compact: true }, { compact: 1 }, { breakLength: 40 }, { breakLength: Infinity },
  { sorted: true }, { getters: true }, { getters: 'get' }, { numericSeparator: true },
  { colors: true }, { maxArrayLength: 2 }, { maxStringLength: 3 }, { maxArrayLength: null },
  { maxStringLength: null }, { customInspect: false }, { depth: 5, breakLength: 60, compact: 2 },
];

const next = random(5);
const WORDS = [
  'a', 'id', 'name', 'value', 'items', 'a-b', 'count', 'x1', 'message', 'someLongPropertyName',
  'naïve', '7',
];
const leaf = () =>
  pick(next, [
    () => Math.floor(next() * 1000), () => next() * 100, () => pick(next, WORDS),
    () => 'lorem ipsum '.repeat(Math.floor(next() * 6)), () => null, () => undefined, () => true,
    () => `it's ${pick(next, WORDS)}`, () => BigInt(Math.floor(next() * 1e6)),
    () => new Date(Math.floor(next() * 1e12)), () => () => 1, () => 'two\nlines',
  ])();
function value(depth) {
  const kind = next();
  if (depth === 0 || kind < 0.35) return leaf();
  const inner = () => value(depth - 1);
  const count = Math.floor(next() ** 2 * 12);
  if (kind < 0.55) return times(count, inner);
  if (kind < 0.62) return times(count * 3, () => Math.floor(next() * 10 ** Math.floor(next() * 6)));
  if (kind < 0.68) return new Map(times(count, () => [leaf(), inner()]));
  if (kind < 0.74) return new Set(times(count, inner));
  if (kind < 0.8) return Object.assign(new Foo(), { b: inner() });
  return Object.fromEntries(
    times(count, () => [
      pick(next, WORDS) + (next() < 0.5 ? Math.floor(next() * 50) : ''), inner(),
    ]),
  );
}
const RANDOM = times(3000, () => value(1 + Math.floor(next() * 5)));

const FORMATS = [
  () => ['%s', 1], () => ['%s %s', 'a'], () => ['%d', 1n], () => ['%d', '0x10'], () => ['%i', 1.5],
  () => ['%f', '1.50x'], () => ['%j', { a: 1 }], () => ['%j', cyclic()],
  () => ['%o', [1, { a: 2 }]], () => ['%O', { a: { b: { c: { d: 1 } } } }], () => ['%%'],
  () => ['%% %s', 1], () => ['100%', 'x'], () => ['%x', 1], () => ['a', { b: 1 }, 'c'],
  () => [1, 2, '3'], () => ['%s', { a: { b: 1 } }], () => ['%s', [1, [2, [3]]]],
  () => ['%s', new Foo()], () => ['%s', new Date(0)],
  () => [
    '%s',
    {
      toString() {
        return 'ts';
      },
    },
  ],
  () => ['%s', Symbol('a')], () => ['%s', -0], () => ['%c css', 'x'], () => ['%s', () => 1],
  () => ['%s', class Q {}], () => ['%s', null], () => ['%s', undefined], () => ['%d', Symbol('x')],
  () => ['%f', 1n], () => ['%i', 9n], () => ['%s', Object.create(null)],
  () => [
    '%s',
    new (class extends Foo {
      toString() {
        return 'sub';
      }
    })(),
  ],
  () => ['%', 1], () => ['%s%s%s', 1, 2], () => [''], () => ['', 1],
  () => ['%s', new Map([[1, 2]])], () => ['%s', 'a\nb'], () => ['%O', [1]], () => [{}, '%s', 1],
  () => ['%d', {}], () => ['%d'], () => ['%s', 12345678901234567890n], () => ['%i', {}],
  () => ['%%%s', 'a'], () => ['%s %%', 'a'], () => ['%%', 'a'], () => ['a%%b%'], () => [],
  () => [undefined], () => [null, 'x'],
  () => ['%s', Object.assign(Object.create(null), { toString: () => 'own' })],
  () => ['%s', { [Symbol.toPrimitive]: () => 'prim' }], () => ['%s', new Failure('fail').message],
  () => ['%j', undefined], () => ['%j', () => 1],
  () => [
    '%j',
    {
      toJSON() {
        throw new Error('json');
      },
    },
  ],
  () => ['%d', ''], () => ['%f', 'x'], () => ['%s', [new Foo()]], () => ['text', 'more', [1], null],
  () => [
    '%s',
    {
      a: 1,
      [custom]() {
        return 'cus';
      },
    },
  ],
  () => ['%o', 'text'],
];

const same = (run, label) => Object.assign(run, { toString: () => label });
/** Frames are other ones in each engine, and Node.js paints its own. */
const FRAMES =
  /(?:\n *(?:\u001b\[90m)? *(?:at |\.\.\. \d+ lines).*?(?:\u001b\[39m)?( \{)?(?=\n|$))+/g;
const plain = (text) => (typeof text === 'string' ? text.replace(FRAMES, '\n  at$1') : text);

export const cases = [
  ...VALUES.flatMap((make) =>
    OPTIONS.map((options) =>
      same(
        (library) => plain(library('util').inspect(make(), options)),
        `${JSON.stringify(options)} ${make}`,
      ),
    ),
  ),
  ...RANDOM.map((held, i) =>
    same(
      (library) => library('util').inspect(held, i % 3 === 0 ? { depth: 6 } : undefined),
      `random ${i}`,
    ),
  ),
  ...FORMATS.map((make) =>
    same((library) => plain(library('util').format(...make())), `format ${make}`),
  ),
  ...[
    [1, 2], { a: 1 }, Object.defineProperty({}, 'h', { value: 1 }), new Map([[1, 2]]),
    new Uint8Array(1), new Date(0),
  ].map((held) => (library) => library('util').inspect(held, { showHidden: true })),
  // Node's test runner gives promises symbols of its own.
  (library) =>
    library('util')
      .inspect(new Promise(() => {}))
      .slice(0, 9),
  (library) => library('util').inspect({ a: { b: { c: {} } } }, false, 0),
  (library) => library('util').inspect({ a: 1 }, false, null, true),
  (library) =>
    library('util').formatWithOptions({ depth: 0 }, '%O %s', { a: { b: 1 } }, 1, { c: {} }),
  (library) => library('util').inspect.custom === custom,
  (library) => library('util').inspect.defaultOptions.depth,
];
