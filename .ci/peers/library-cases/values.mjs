// structuredClone, deep equality and assert, hashes, util's functions, timers as promises.
import { pick, random, times } from './kit.mjs';

const clone = (library) => library('structured-clone').structuredClone;
const cyclic = () => {
  const a = { list: [] };
  a.self = a;
  a.list.push(a, a.list);
  return a;
};
const shared = () => {
  const s = { v: 1 };
  return { a: s, b: s, m: new Map([[s, s]]), t: new Set([s]) };
};
class Point {
  constructor(x) {
    this.x = x;
  }
  get double() {
    return this.x * 2;
  }
}

const cloned = [
  () => 1, () => 'a', () => null, () => undefined, () => 1n, () => NaN, () => [1, [2, { a: 3 }]],
  () => ({ a: { b: new Date(5) } }), () => new Map([[{ a: 1 }, new Set([1, 'x'])]]), () => /a+/gi,
  () => new Uint8Array([1, 2, 3]), () => new Float64Array([1.5]).subarray(0),
  () => new ArrayBuffer(3), () => new Error('e', { cause: { a: 1 } }), () => new TypeError('t'),
  () => Object.assign(new RangeError('r'), { extra: 1 }), () => new Point(3), () => Object(5),
  () => Object('s'), () => Object(false), () => [1, , 3], () => Object.assign([1, 2], { extra: 1 }),
  () => ({
    get a() {
      return 1;
    },
  }),
  () => ({ [Symbol('s')]: 1, b: 2 }), () => Object.create({ inherited: 1 }), () => new Date(NaN),
  () => () => 1, () => Symbol('s'), () => ({ f() {} }), () => Promise.resolve(1),
  () => new WeakMap(), () => [Symbol('x')], () => class {}, () => Object(Symbol('z')),
  () => (function* () {})(),
];

const VALUES = [
  () => 1, () => '1', () => 1n, () => true, () => null, () => undefined, () => NaN, () => 0,
  () => -0, () => '', () => [], () => ({}), () => [1], () => ['1'], () => [1, 2], () => ({ a: 1 }),
  () => ({ a: '1' }), () => ({ a: 1, b: undefined }), () => ({ a: { b: [1, { c: 2 }] } }),
  () => ({ a: { b: [1, { c: 3 }] } }), () => new Date(1), () => new Date(2), () => /a/, () => /a/g,
  () => new Map([[1, { a: 1 }]]), () => new Map([[1, { a: 2 }]]), () => new Map([[{ k: 1 }, 1]]),
  () => new Set([1, 2]), () => new Set([2, 1]), () => new Set([{ a: 1 }]),
  () => new Set([{ a: 2 }]), () => new Set(['1', 2]), () => new Error('a'), () => new Error('b'),
  () => new TypeError('a'), () => new Uint8Array([1, 2]), () => new Uint8Array([1, 3]),
  () => new Int8Array([1, 2]), () => Buffer.from([1, 2]), () => new Float32Array([0]),
  () => new Float32Array([-0]), () => new ArrayBuffer(2), () => new Point(1), () => ({ x: 1 }),
  () => Object.create(null), () => Object.assign(Object.create(null), { a: 1 }), () => [undefined],
  () => [,], () => Object(1), () => Object(2), () => Object('1'), cyclic,
  () => ({ [Symbol.iterator]: 1 }), () => [NaN], () => [0], () => [-0], () => Symbol.iterator,
  () => new Error('a', { cause: 1 }),
  () =>
    (function () {
      return arguments;
    })(1),
].filter((make) => !String(make).includes('Buffer.from') || typeof Buffer !== 'undefined');

const next = random(3);
const leaf = () => pick(next, [1, 2, '1', 'a', null, undefined, true, NaN, 0, 1n]);
const nested = (depth) => {
  const kind = next();
  if (depth === 0 || kind < 0.3) return leaf();
  const inner = () => nested(depth - 1);
  if (kind < 0.5) return times(Math.floor(next() * 3), inner);
  if (kind < 0.7) return new Set(times(Math.floor(next() * 3), inner));
  if (kind < 0.85) return new Map(times(Math.floor(next() * 3), () => [inner(), inner()]));
  return Object.fromEntries(times(Math.floor(next() * 3), (i) => [`k${i}`, inner()]));
};
const PAIRS = times(1500, () => [nested(3), nested(3)]);

const thrown = (run) => (library) => {
  try {
    return run(library('assert'), library);
  } catch (error) {
    return [error.name, error.code, error.message, error.generatedMessage, error.operator];
  }
};
const rejected = (run) => async (library) => {
  try {
    return await run(library('assert'));
  } catch (error) {
    return [error.name, error.code, error.message, error.operator];
  }
};
const boom = () => {
  throw new TypeError('boom');
};

const asserting = [
  (a) => a(true), (a) => a(0), (a) => a.ok(null, 'told'), (a) => a.ok(),
  (a) => a.ok(false, new RangeError('own')), (a) => a.equal(1, '1'), (a) => a.equal(1, 2),
  (a) => a.equal(NaN, NaN), (a) => a.notEqual(1, 1), (a) => a.equal(1, 2, 'words'),
  (a) => a.strictEqual(1, 2), (a) => a.strictEqual('a', 'b'), (a) => a.strictEqual(NaN, NaN),
  (a) => a.strictEqual(0, -0), (a) => a.strictEqual(1), (a) => a.notStrictEqual(1, 1),
  (a) => a.notStrictEqual('a'.repeat(30), 'a'.repeat(30)),
  (a) => a.deepStrictEqual({ a: 1 }, { a: 1 }),
  (a) => a.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] }),
  (a) => a.deepStrictEqual([1, 2, 3], [1, 2, 4]),
  (a) => a.deepStrictEqual(new Map([[1, 2]]), new Map([[1, 3]])),
  (a) => a.deepEqual({ a: 1 }, { a: '1' }), (a) => a.deepEqual({ a: 1 }, { a: 2 }),
  (a) => a.notDeepStrictEqual({ a: 1 }, { a: 1 }), (a) => a.notDeepEqual([1], [1]),
  (a) => a.strict.equal(1, '1'), (a) => a.strict.deepEqual([1], ['1']),
  (a, library) => library('assert/strict').equal(1, 1), (a) => a.throws(boom),
  (a) => a.throws(boom, TypeError), (a) => a.throws(boom, RangeError),
  (a) => a.throws(boom, /boom/), (a) => a.throws(boom, /other/),
  (a) => a.throws(boom, { message: 'boom', name: 'TypeError' }),
  (a) => a.throws(boom, { message: 'other' }), (a) => a.throws(boom, { message: /oo/ }),
  (a) => a.throws(boom, (error) => error.message === 'boom'), (a) => a.throws(boom, () => false),
  (a) => a.throws(() => {}), (a) => a.throws(() => {}, TypeError),
  (a) => a.throws(() => {}, 'words'), (a) => a.throws(() => {}, TypeError, 'words'),
  (a) => a.throws('x'), (a) => a.doesNotThrow(() => {}), (a) => a.doesNotThrow(boom),
  (a) => a.doesNotThrow(boom, 'words'), (a) => a.match('abc', /b/), (a) => a.match('abc', /x/),
  (a) => a.match(5, /x/), (a) => a.doesNotMatch('abc', /b/), (a) => a.match('a', 'a'),
  (a) => a.match('abc', /x/, 'words'), (a) => a.fail(), (a) => a.fail('words'),
  (a) => a.fail(new TypeError('own')), (a) => a.ifError(null), (a) => a.ifError(new Error('x')),
  (a) => a.ifError('text'),
].map((run) => Object.assign(thrown(run), { toString: () => String(run) }));
const rejecting = [
  (a) => a.rejects(Promise.reject(new TypeError('no'))), (a) => a.rejects(Promise.resolve(1)),
  (a) => a.rejects(async () => boom(), TypeError), (a) => a.rejects(async () => boom(), /other/),
  (a) => a.rejects(async () => {}, TypeError, 'words'), (a) => a.rejects(5),
  (a) => a.doesNotReject(Promise.resolve()), (a) => a.doesNotReject(Promise.reject(new Error('x'))),
  (a) => a.rejects(Promise.reject(new Error('m')), { message: 'm' }),
].map((run) => Object.assign(rejected(run), { toString: () => String(run) }));

const TEXTS = [
  '', 'a', 'abc', 'message digest', 'ä€😀', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(63),
  'x'.repeat(64), 'x'.repeat(65), 'y'.repeat(1000),
];
const hashing = ['md5', 'sha1', 'sha256', 'SHA256', 'sha-256']
  .slice(0, 4)
  .flatMap((name) =>
    TEXTS.flatMap((text) => [
      (library) => library('crypto').createHash(name).update(text).digest('hex'),
      (library) =>
        library('crypto').createHash(name).update('a').update(text, 'latin1').digest('base64'),
      (library) => library('crypto').createHmac(name, text).update('data').digest('hex'),
    ]),
  );

const functions = [
  (library) =>
    library('crypto')
      .randomUUID()
      .replace(/[0-9a-f]/g, 'x').length,
  (library) =>
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(
      library('crypto').randomUUID(),
    ),
  (library) => library('crypto').randomBytes(7).length,
  (library) => library('crypto').randomBytes(-1), (library) => library('crypto').randomBytes('x'),
  (library) => {
    const n = times(200, () => library('crypto').randomInt(3, 6));
    return [Math.min(...n), Math.max(...n)];
  },
  (library) => library('crypto').randomInt(5, 5), (library) => library('crypto').randomInt(1),
  (library) => library('crypto').webcrypto.getRandomValues(new Uint8Array(4)).length,
  (library) =>
    new Promise((resolve) => {
      library('crypto').randomBytes(3, (error, octets) => resolve([error, octets.length]));
    }),
  (library) => {
    const h = library('crypto').createHash('md5');
    h.digest();
    try {
      h.update('x');
    } catch (error) {
      return [error.code, error.message];
    }
    return null;
  },
  (library) => library('crypto').createHash('sha256').update(5),
  (library) =>
    library('crypto').timingSafeEqual(
      library('buffer').Buffer.from('a'), library('buffer').Buffer.from('a'),
    ),
  (library) =>
    library('crypto').timingSafeEqual(
      library('buffer').Buffer.from('a'), library('buffer').Buffer.from('ab'),
    ),
  async (library) => library('util').promisify((x, done) => done(null, x + 1))(1),
  async (library) => library('util').promisify((done) => done(new Error('no')))(),
  (library) => library('util').promisify(5),
  (library) => {
    const f = () => {};
    f[library('util').promisify.custom] = () => 'custom';
    return library('util').promisify(f)();
  },
  (library) =>
    new Promise((resolve) => {
      library('util').callbackify(async (x) => x * 2)(4, (error, value) => resolve([error, value]));
    }),
  (library) =>
    new Promise((resolve) => {
      library('util').callbackify(async () => Promise.reject(null))((error) => resolve(error.code));
    }),
  (library) => library('util').inherits(5),
  (library) => library('util').deprecate((x) => x + 1, 'old')(1),
  (library) => library('util').isArray([]),
  (library) => library('util').stripVTControlCharacters('\u001b[31mred\u001b[39m'),
  (library) => library('util').toUSVString('a\ud800'),
  (library) => library('util').debuglog('x')('y'),
  ...[
    'isMap', 'isSet', 'isDate', 'isRegExp', 'isPromise', 'isNativeError', 'isTypedArray',
    'isUint8Array', 'isArrayBuffer', 'isAnyArrayBuffer', 'isDataView', 'isArrayBufferView',
    'isBoxedPrimitive', 'isNumberObject', 'isStringObject', 'isSymbolObject', 'isAsyncFunction',
    'isGeneratorFunction', 'isGeneratorObject', 'isArgumentsObject', 'isWeakMap', 'isWeakSet',
    'isMapIterator', 'isSetIterator', 'isModuleNamespaceObject',
  ].map(
    (name) => (library) =>
      [
        new Map(), new Set(), new Date(), /a/, Promise.resolve(), new Error('x'), new Uint8Array(1),
        new ArrayBuffer(1), new DataView(new ArrayBuffer(1)), Object(1), Object('s'),
        Object(Symbol('s')), async () => {}, function* () {}, (function* () {})(),
        (function () {
          return arguments;
        })(),
        new WeakMap(), new WeakSet(), new Map().keys(), new Set().values(), {}, [], null, 1, 'x',
        undefined, Object.create(Map.prototype), Object.create(Error.prototype), { then() {} },
      ].map((value) => library('util').types[name](value)),
  ),
  async (library) => library('timers/promises').setTimeout(1, 'late'),
  async (library) => library('timers/promises').setImmediate('soon'),
  async (library) => {
    const got = [];
    for await (const x of library('timers/promises').setInterval(1, 'tick')) {
      got.push(x);
      if (got.length === 3) break;
    }
    return got;
  },
  async (library) => {
    const c = new AbortController();
    setImmediate(() => c.abort());
    return library('timers/promises').setTimeout(1000, 'x', { signal: c.signal });
  },
  async (library) => {
    const c = new AbortController();
    setImmediate(() => c.abort());
    const got = [];
    for await (const x of library('timers/promises').setInterval(1000, 'x', { signal: c.signal }))
      got.push(x);
    return got;
  },
  (library) => library('timers').setTimeout === setTimeout,
];

export const cases = [
  ...cloned.map((make) =>
    Object.assign((library) => clone(library)(make()), { toString: () => `clone ${make}` }),
  ),
  (library) => {
    const c = clone(library)(cyclic());
    return [c.self === c, c.list[0] === c, c.list[1] === c.list];
  },
  (library) => {
    const c = clone(library)(shared());
    return [c.a === c.b, c.m.get(c.a) === c.a, c.t.has(c.a)];
  },
  (library) => {
    const buffer = new ArrayBuffer(4);
    const c = clone(library)({ buffer, view: new Uint8Array(buffer, 1, 2) });
    return [c.view.buffer === c.buffer, c.view.length, c.buffer === buffer];
  },
  (library) => clone(library)(),
  (library) => {
    const e = clone(library)(new TypeError('x'));
    return [e instanceof TypeError, typeof e.stack, Object.keys(e)];
  },
  ...VALUES.flatMap((a) =>
    VALUES.flatMap((b) =>
      [true, false].map((strict) =>
        Object.assign(
          (library) => {
            if (strict) return library('util').isDeepStrictEqual(a(), b());
            try {
              library('assert').deepEqual(a(), b());
              return true;
            } catch (error) {
              return error.code;
            }
          },
          { toString: () => `${strict ? 'strict' : 'loose'} ${a} and ${b}` },
        ),
      ),
    ),
  ),
  ...PAIRS.flatMap(([a, b]) => [
    (library) => library('util').isDeepStrictEqual(a, b),
    (library) => library('util').isDeepStrictEqual(a, globalThis.structuredClone?.(a) ?? a),
    (library) => {
      try {
        library('assert').deepEqual(a, b);
        return true;
      } catch {
        return false;
      }
    },
  ]),
  ...asserting,
  ...rejecting,
  ...hashing,
  ...functions,
];
