// MD5 (RFC 1321), SHA-1 (RFC 3174) and SHA-256 (FIPS 180-4): each takes octets, returns a digest.

const turnLeft = (word, by) => word << by | word >>> (32 - by);
const turnRight = (word, by) => word >>> by | word << (32 - by);

/** Octets with a one bit, zeros and their length in bits behind them, as words of 64 octets. */
function blocks(octets, littleEndian) {
  const size = Math.ceil((octets.length + 9) / 64) * 64;
  const padded = new Uint8Array(size);
  padded.set(octets);
  padded[octets.length] = 0x80;
  const view = new DataView(padded.buffer);
  const bits = octets.length * 8;
  const [high, low] = [Math.floor(bits / 2 ** 32), bits >>> 0];
  view.setUint32(size - 8, littleEndian ? low : high, littleEndian);
  view.setUint32(size - 4, littleEndian ? high : low, littleEndian);
  return Array.from({ length: size / 64 }, (_, block) => {
    return Array.from({ length: 16 }, (__, i) => view.getInt32(block * 64 + i * 4, littleEndian));
  });
}

/** Runs every block through `round`, which returns what is added to the state. */
function digest(octets, start, littleEndian, round) {
  const state = [...start];
  for (const block of blocks(octets, littleEndian)) {
    round(block, [...state]).forEach((word, i) => { state[i] = state[i] + word | 0; });
  }
  const result = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, i) => result.setInt32(i * 4, word, littleEndian));
  return new Uint8Array(result.buffer);
}

const sine = (i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
const sines = () => Array.from({ length: 64 }, (_, i) => sine(i));
const TURNS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const PLACES = [(i) => i, (i) => 5 * i + 1, (i) => 3 * i + 5, (i) => 7 * i];
const MIXES = [
  (b, c, d) => b & c | ~b & d,
  (b, c, d) => d & b | ~d & c,
  (b, c, d) => b ^ c ^ d,
  (b, c, d) => c ^ (b | ~d),
];

exports.md5 = (octets) => {
  const constants = sines();
  const start = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  return digest(octets, start, true, (words, [a, b, c, d]) => {
    for (let i = 0; i < 64; i++) {
      const kind = i >> 4;
      const sum = a + MIXES[kind](b, c, d) + constants[i] + words[PLACES[kind](i) % 16] | 0;
      [a, d, c, b] = [d, c, b, b + turnLeft(sum, TURNS[kind][i % 4]) | 0];
    }
    return [a, b, c, d];
  });
};

const SHA1 = [
  [(b, c, d) => b & c | ~b & d, 0x5a827999],
  [(b, c, d) => b ^ c ^ d, 0x6ed9eba1],
  [(b, c, d) => b & c | b & d | c & d, 0x8f1bbcdc],
  [(b, c, d) => b ^ c ^ d, 0xca62c1d6],
];

exports.sha1 = (octets) => {
  const start = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  return digest(octets, start, false, (words, [a, b, c, d, e]) => {
    for (let i = 0; i < 80; i++) {
      if (i >= 16) {
        words[i] = turnLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
      }
      const [mix, constant] = SHA1[Math.floor(i / 20)];
      const sum = turnLeft(a, 5) + mix(b, c, d) + e + constant + words[i] | 0;
      [e, d, c, b, a] = [d, c, turnLeft(b, 30), a, sum];
    }
    return [a, b, c, d, e];
  });
};

/** The first 32 bits behind the point of roots of the first primes. */
function fractions(count, power) {
  const primes = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes.map((prime) => (prime ** power % 1) * 2 ** 32 | 0);
}

let cubeRoots;
exports.sha256 = (octets) => {
  cubeRoots ??= fractions(64, 1 / 3);
  return digest(octets, fractions(8, 1 / 2), false, (words, [a, b, c, d, e, f, g, h]) => {
    for (let i = 0; i < 64; i++) {
      if (i >= 16) {
        const [x, y] = [words[i - 15], words[i - 2]];
        const small = turnRight(x, 7) ^ turnRight(x, 18) ^ x >>> 3;
        const large = turnRight(y, 17) ^ turnRight(y, 19) ^ y >>> 10;
        words[i] = words[i - 16] + small + words[i - 7] + large | 0;
      }
      const ones = turnRight(e, 6) ^ turnRight(e, 11) ^ turnRight(e, 25);
      const first = h + ones + (e & f ^ ~e & g) + cubeRoots[i] + words[i] | 0;
      const zeros = turnRight(a, 2) ^ turnRight(a, 13) ^ turnRight(a, 22);
      const second = zeros + (a & b ^ a & c ^ b & c) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, d + first | 0, c, b, a, first + second | 0];
    }
    return [a, b, c, d, e, f, g, h];
  });
};
