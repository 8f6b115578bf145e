// Buffer, TextEncoder and TextDecoder, StringDecoder.
import { pick, random, times } from './kit.mjs';

const ENCODINGS = ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'utf16le'];
const TEXTS = [
  '', 'a', 'hello', 'é', '€uro', '😀', '日本語', '\ud800', 'x\udc00y', '\ud83d\ude00\ud83d', 'YQ==',
  'YWI=', 'YWJj', 'YW Jj\n', 'Y-_/+', 'YQ==YQ==', '6869', '686', '68zz69', 'ZZ', '\xff\x80', 'a=b',
  '====', 'Y', 'YWJ', 'ÿþ', '\u0000\u0001', 'The quick brown fox jumps over the lazy dog',
];

const next = random(7);
const octets = () =>
  times(Math.floor(next() * 12), () =>
    pick(
      next,
      [
        0, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xf0, 0x90, 0x8f,
        0xf4, 0xf5, 0xff, 0xe2, 0x82, 0xac,
      ],
    ),
  );
const lists = times(300, octets);
const get = (library) => library('buffer').Buffer;

const INTS = [
  'UInt8', 'Int8', 'UInt16LE', 'UInt16BE', 'Int16LE', 'Int16BE', 'UInt32LE', 'UInt32BE', 'Int32LE',
  'Int32BE', 'FloatLE', 'FloatBE', 'DoubleLE', 'DoubleBE',
];
const BIGS = ['BigUInt64LE', 'BigInt64BE', 'BigInt64LE', 'BigUInt64BE'];
const VALUES = [
  0, 1, -1, 127, 128, -128, 255, 256, 32768, -32769, 65535, 65536, 2 ** 31, -(2 ** 31), 2 ** 32,
  1.5, NaN, Infinity, '12', undefined, null,
];
const OFFSETS = [undefined, 0, 1, 5, 8, -1, 1.5, '1', NaN];

const coding = TEXTS.flatMap((text) =>
  ENCODINGS.flatMap((encoding) => [
    (library) => get(library).from(text, encoding),
    (library) => get(library).byteLength(text, encoding),
    (library) => get(library).from(text).toString(encoding),
    (library) => get(library).alloc(7, 1).write(text, 2, encoding),
    (library) => {
      const b = get(library).alloc(7, 1);
      b.write(text, 1, 5, encoding);
      return b;
    },
    (library) => get(library).alloc(9, text, encoding),
    (library) => get(library).from('hello hello \xe9').indexOf(text, encoding),
  ]),
);

const decoding = lists.flatMap((list, i) => [
  ...ENCODINGS.map((encoding) => (library) => get(library).from(list).toString(encoding)),
  (library) =>
    get(library)
      .from(list)
      .toString(undefined, i % 5, i % 11),
  (library) => new (library('util').TextDecoder)().decode(Uint8Array.from(list)),
  (library) =>
    new (library('util').TextDecoder)('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(list)),
  (library) => new (library('util').TextDecoder)('utf-16le').decode(Uint8Array.from(list)),
  (library) => {
    const decoder = new (library('util').TextDecoder)();
    const parts = list.map((octet) => decoder.decode(Uint8Array.of(octet), { stream: true }));
    return [...parts, decoder.decode()];
  },
  ...ENCODINGS.map((encoding) => (library) => {
    const decoder = new (library('string_decoder').StringDecoder)(encoding);
    const whole = get(library).from(list);
    return [
      decoder.write(whole.subarray(0, i % 4)), decoder.write(whole.subarray(i % 4, i % 7)),
      decoder.write(whole.subarray(Math.max(i % 4, i % 7))), decoder.end(),
    ].join('');
  }),
]);

const numbers = [
  ...INTS.flatMap((name) =>
    OFFSETS.flatMap((offset) => [
      (library) => get(library).from([1, 200, 3, 4, 255, 6, 7, 8, 9])[`read${name}`](offset),
      ...VALUES.map((value) => (library) => {
        const buffer = get(library).alloc(9);
        return [buffer[`write${name}`](value, offset), buffer];
      }),
    ]),
  ),
  ...BIGS.flatMap((name) =>
    [0, 1, 2, -1].flatMap((offset) => [
      (library) => get(library).from([1, 200, 3, 4, 255, 6, 7, 8, 9])[`read${name}`](offset),
      ...[0n, 1n, -1n, 2n ** 63n, 2n ** 64n, -(2n ** 63n)].map((value) => (library) => {
        const buffer = get(library).alloc(9);
        return [buffer[`write${name}`](value, offset), buffer];
      }),
    ]),
  ),
  ...['UIntLE', 'UIntBE', 'IntLE', 'IntBE'].flatMap((name) =>
    times(8, (size) => [
      (library) => get(library).from([1, 200, 3, 4, 255, 6, 7, 8, 9])[`read${name}`](1, size),
      ...[0, 1, -1, 127, -128, 255, 65536, 2 ** 40, -(2 ** 47)].map((value) => (library) => {
        const buffer = get(library).alloc(9);
        return [buffer[`write${name}`](value, 2, size), buffer];
      }),
    ]).flat(),
  ),
];

const INDEXES = [undefined, 0, 1, 2, 5, 9, -1, -3, -9, 1.7, NaN, '2', null];
const slicing = INDEXES.flatMap((from) =>
  INDEXES.flatMap((to) => [
    (library) => get(library).from('abcdef').slice(from, to).toString(),
    (library) => get(library).from('abcdef').subarray(from, to).length,
    (library) => get(library).from('abcdef').toString('utf8', from, to),
    (library) => get(library).from('abcabcabc').indexOf('bc', from),
    (library) => get(library).from('abcabcabc').lastIndexOf('bc', from),
    (library) => get(library).from('abcabcabc').includes(97, from),
    (library) => {
      const t = get(library).alloc(4);
      return [
        get(library)
          .from('xyzw')
          .copy(t, from ?? 0, to ?? 0),
        t,
      ];
    },
    (library) => get(library).alloc(6, 46).fill('ab', from, to),
  ]),
);

const rest = [
  (library) => get(library).from([256, -1, 1.5, '7', 'x']),
  (library) => get(library).from({ length: 3, 0: 1, 2: 3 }),
  (library) => get(library).from({ type: 'Buffer', data: [1, 2] }),
  (library) => get(library).from(new String('boxed')),
  (library) => get(library).from({ [Symbol.toPrimitive]: () => 'primitive' }),
  ...[5, null, undefined, {}, true, Symbol.iterator, () => 1].map(
    (value) => (library) => get(library).from(value),
  ),
  (library) => get(library).from('a', 'nope'),
  (library) => get(library).from(new ArrayBuffer(4), 1, 2).length,
  (library) => get(library).from(new ArrayBuffer(4), 5),
  (library) => get(library).from(new ArrayBuffer(4), 1, 9),
  (library) => get(library).from(new Uint16Array([1, 258])),
  (library) => {
    const a = new Uint8Array([1, 2]);
    const b = get(library).from(a.buffer);
    a[0] = 9;
    return b;
  },
  (library) => {
    const b = get(library).from('abc');
    b.slice(1)[0] = 65;
    return b.toString();
  },
  ...[-1, '5', 2 ** 40, NaN, 0, 3].map((size) => (library) => get(library).alloc(size)),
  (library) =>
    get(library)
      .concat([get(library).from('a'), new Uint8Array([66])])
      .toString(),
  (library) => get(library).concat([get(library).from('abc')], 2),
  (library) => get(library).concat([get(library).from('abc')], 5),
  (library) => get(library).concat([]), (library) => get(library).concat('x'),
  (library) => get(library).concat(['x']),
  (library) => get(library).compare(get(library).from('a'), get(library).from('b')),
  (library) => get(library).from('abc').compare(get(library).from('ab')),
  (library) => get(library).from('abcd').compare(get(library).from('xbcx'), 1, 3, 1, 3),
  (library) =>
    get(library)
      .from('a')
      .equals(new Uint8Array([97])),
  (library) => get(library).from('a').equals('a'),
  (library) => get(library).isBuffer(new Uint8Array(1)),
  (library) => get(library).isBuffer(get(library).alloc(1)),
  ...['utf8', 'UTF-8', 'ucs2', 'binary', 'x', '', undefined, 1].map(
    (name) => (library) => get(library).isEncoding(name),
  ),
  (library) => JSON.stringify(get(library).from('hi')),
  (library) => get(library).from('abcd').swap16(), (library) => get(library).from('abcd').swap32(),
  (library) => get(library).from('abc').swap16(),
  (library) => get(library).from('abcdefgh').swap64(),
  (library) =>
    get(library)
      .from('abc')
      .map((octet) => octet + 1),
  (library) => get(library).from('cab').sort(),
  (library) =>
    get(library)
      .from('abc')
      .filter((octet) => octet > 97) instanceof get(library),
  (library) => [...get(library).from('ab').entries()], (library) => `${get(library).from('text')}`,
  (library) => get(library).from('x') + 'y', (library) => get(library).of(1, 2, 3),
  (library) => get(library).byteLength(new ArrayBuffer(3)), (library) => get(library).byteLength(5),
  (library) => get(library).from('abc').fill(''),
  (library) => get(library).from('abc').fill('zz', 'hex'),
  (library) => get(library).from('abc').fill('61', 'hex'),
  (library) => get(library).from('abc').fill(get(library).from('xy')),
  (library) => get(library).from('abc').fill(300),
  (library) => get(library).from('abc').indexOf(get(library).from('c')),
  (library) => get(library).from('abc').indexOf({}),
  (library) => get(library).from('abc').indexOf(''),
  (library) => get(library).from('abc').lastIndexOf(''),
  (library) => get(library).from('abc').write(5),
  (library) => get(library).from('abc').write('x', 9), (library) => get(library).from('abc').at(-1),
  (library) => get(library).from('abc').readUint8(1),
  (library) => library('util').inspect(get(library).from('hi')),
  (library) => library('util').inspect(get(library).alloc(60)),
  (library) => library('util').inspect(Object.assign(get(library).from('hi'), { extra: 1 })),
  (library) => library('util').inspect({ b: get(library).alloc(0) }),
  ...['', 'a', 'hello', '\xff\x00', '€'].map((text) => (library) => library('buffer').btoa(text)),
  ...['', 'YQ==', 'YQ', 'Y Q = =', 'Y', 'YQ=', '!!', '/w==', 'AAAA', 'YWJj='].map(
    (text) => (library) => library('buffer').atob(text),
  ),
  (library) => new (library('util').TextEncoder)().encode('aé€😀\ud800'),
  (library) => {
    const to = new Uint8Array(4);
    return [new (library('util').TextEncoder)().encodeInto('aé€', to), to];
  },
  (library) =>
    new (library('util').TextDecoder)('utf-8', { fatal: true }).decode(Uint8Array.of(0xff)),
  (library) => new (library('util').TextDecoder)('nope'),
  ...['utf8', 'UTF-8', ' latin1 ', 'ascii', 'utf-16', 'ucs-2', 'iso-8859-1', 'windows-1252'].map(
    (name) => (library) => new (library('util').TextDecoder)(name).encoding,
  ),
  (library) => new (library('util').TextDecoder)('latin1').decode(Uint8Array.of(0xe9, 0x41, 0xa0)),
  (library) => new (library('util').TextDecoder)().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)),
  (library) =>
    new (library('util').TextDecoder)('utf-8', { ignoreBOM: true }).decode(
      Uint8Array.of(0xef, 0xbb, 0xbf, 0x41),
    ),
  (library) => new (library('util').TextDecoder)().decode(Uint8Array.of(65, 66).buffer),
  (library) => new (library('util').TextDecoder)().decode('x'),
  (library) => new (library('util').TextDecoder)().decode(),
];

export const cases = [...coding, ...decoding, ...numbers, ...slicing, ...rest];
