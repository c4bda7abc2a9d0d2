/** A hash function with its block size, for HMAC. */
export interface Digest {
  readonly blockBytes: number;
  digest(bytes: Uint8Array): Uint8Array;
}

/** FIPS 180-4 and RFC 1321, in plain code: `crypto.subtle` is asynchronous and missing on plain http. */
export const digests: ReadonlyMap<string, Digest> = new Map([
  ['md5', { blockBytes: 64, digest: md5 }],
  ['sha1', { blockBytes: 64, digest: sha1 }],
  ['sha256', { blockBytes: 64, digest: sha256 }],
  ['sha512', { blockBytes: 128, digest: sha512 }],
]);

export function hmac(
  { blockBytes, digest }: Digest,
  key: Uint8Array,
  bytes: Uint8Array,
): Uint8Array {
  const block = new Uint8Array(blockBytes);
  block.set(blockBytes < key.length ? digest(key) : key);
  const inner = concat(
    block.map((byte) => byte ^ 0x36),
    bytes,
  );
  return digest(
    concat(
      block.map((byte) => byte ^ 0x5c),
      digest(inner),
    ),
  );
}

/** RFC 8018. */
export function pbkdf2(
  hash: Digest,
  password: Uint8Array,
  salt: Uint8Array,
  parameters: { iterations: number; length: number },
): Uint8Array {
  const { iterations, length } = parameters;
  const result = new Uint8Array(length);
  for (let block = 1, at = 0; at < length; block += 1) {
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, block);
    let last = hmac(hash, password, concat(salt, counter));
    const sum = last.slice();
    for (let round = 1; round < iterations; round += 1) {
      last = hmac(hash, password, last);
      for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) ^ (last[i] ?? 0);
    }
    result.set(sum.subarray(0, length - at), at);
    at += sum.length;
  }
  return result;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}

/** The message with a 1 bit, zeros and its length in bits. */
function padded(bytes: Uint8Array, blockBytes: number, isBigEndian: boolean): DataView {
  const lengthBytes = blockBytes / 8;
  const size = Math.ceil((bytes.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const result = new Uint8Array(size);
  result.set(bytes);
  result[bytes.length] = 0x80;
  const view = new DataView(result.buffer);
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n, !isBigEndian);
  return view;
}

function words32(state: Uint32Array | Int32Array, isBigEndian: boolean): Uint8Array {
  const result = new Uint8Array(state.length * 4);
  const view = new DataView(result.buffer);
  state.forEach((word, index) => {
    view.setInt32(index * 4, word, !isBigEndian);
  });
  return result;
}

const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

const md5Shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const md5Sines = Int32Array.from(
  { length: 64 },
  (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0,
);

function md5(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64, false);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i += 1) {
      const [mixed, word] = md5Step(i, b, c, d);
      const sum = (a + mixed + (md5Sines[i] ?? 0) + view.getInt32(at + word * 4, true)) | 0;
      [a, d, c] = [d, c, b];
      b = (b + rotate(sum, md5Shifts[(i >> 4) * 4 + (i & 3)] ?? 0)) | 0;
    }
    addTo(state, [a, b, c, d]);
  }
  return words32(state, false);
}

function md5Step(i: number, b: number, c: number, d: number): readonly [number, number] {
  if (i < 16) return [(b & c) | (~b & d), i];
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) % 16];
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) % 16];
  return [c ^ (b | ~d), (7 * i) % 16];
}

function addTo(state: Int32Array, values: readonly number[]): void {
  values.forEach((value, index) => {
    state[index] = ((state[index] ?? 0) + value) | 0;
  });
}

function sha1(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64, true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const w = new Int32Array(80);
  const word = (i: number) => w[i] ?? 0;
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 80; i += 1) {
      w[i] =
        i < 16
          ? view.getInt32(at + i * 4)
          : rotate(word(i - 3) ^ word(i - 8) ^ word(i - 14) ^ word(i - 16), 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i += 1) {
      const sum = (rotate(a, 5) + sha1Step(i, b, c, d) + e + word(i)) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, sum];
    }
    addTo(state, [a, b, c, d, e]);
  }
  return words32(state, true);
}

function sha1Step(i: number, b: number, c: number, d: number): number {
  if (i < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (i < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (i < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/** The first primes, whose roots give SHA-2 its constants. */
const primes = Array.from({ length: 410 }, (_, n) => n).filter(
  (n) => 2 <= n && Array.from({ length: n }, (_, d) => d).every((d) => d < 2 || n % d !== 0),
);

/** The first 64 bits of the fraction of an integer root, by integers alone. */
function rootFraction(prime: number, degree: 2n | 3n): bigint {
  const target = BigInt(prime) << (64n * degree);
  let root = 0n;
  for (let bit = 1n << 69n; 0n < bit; bit >>= 1n) {
    if ((root + bit) ** degree <= target) root += bit;
  }
  return root & 0xffff_ffff_ffff_ffffn;
}

const sha2Rounds = primes.slice(0, 80).map((prime) => rootFraction(prime, 3n));
const sha2Start = primes.slice(0, 8).map((prime) => rootFraction(prime, 2n));
const sha256Rounds = Int32Array.from(sha2Rounds.slice(0, 64), (k) => Number(k >> 32n) | 0);

function sha256(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64, true);
  const state = Int32Array.from(sha2Start, (h) => Number(h >> 32n) | 0);
  const w = new Int32Array(64);
  const word = (i: number) => w[i] ?? 0;
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) w[i] = view.getInt32(at + i * 4);
      else
        w[i] =
          (sigma(word(i - 2), 15, 13, 10) +
            word(i - 7) +
            sigma(word(i - 15), 25, 14, 3) +
            word(i - 16)) |
          0;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i += 1) {
      const e1 = rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7);
      const one = (h + e1 + ((e & f) ^ (~e & g)) + (sha256Rounds[i] ?? 0) + word(i)) | 0;
      const a1 = rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10);
      const two = (a1 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    addTo(state, [a, b, c, d, e, f, g, h]);
  }
  return words32(state, true);
}

function sigma(x: number, left: number, second: number, shift: number): number {
  return rotate(x, second) ^ rotate(x, left) ^ (x >>> shift);
}

const mask64 = 0xffff_ffff_ffff_ffffn;
const rotate64 = (x: bigint, bits: bigint) => ((x >> bits) | (x << (64n - bits))) & mask64;

function sha512(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 128, true);
  let state = [...sha2Start];
  const w = new BigUint64Array(80);
  const word = (i: number) => w[i] ?? 0n;
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 80; i += 1) {
      if (i < 16) w[i] = view.getBigUint64(at + i * 8);
      else {
        const s0 = rotate64(word(i - 15), 1n) ^ rotate64(word(i - 15), 8n) ^ (word(i - 15) >> 7n);
        const s1 = rotate64(word(i - 2), 19n) ^ rotate64(word(i - 2), 61n) ^ (word(i - 2) >> 6n);
        w[i] = word(i - 16) + s0 + word(i - 7) + s1;
      }
    }
    state = sha512Rounds(state, word);
  }
  const result = new Uint8Array(64);
  const out = new DataView(result.buffer);
  state.forEach((h, index) => {
    out.setBigUint64(index * 8, h);
  });
  return result;
}

function sha512Rounds(state: readonly bigint[], word: (i: number) => bigint): bigint[] {
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (let i = 0; i < 80; i += 1) {
    const e1 = rotate64(e, 14n) ^ rotate64(e, 18n) ^ rotate64(e, 41n);
    const one = h + e1 + ((e & f) ^ (~e & mask64 & g)) + (sha2Rounds[i] ?? 0n) + word(i);
    const a1 = rotate64(a, 28n) ^ rotate64(a, 34n) ^ rotate64(a, 39n);
    const two = a1 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask64, c, b, a, (one + two) & mask64];
  }
  return [a, b, c, d, e, f, g, h].map((value, index) => (value + (state[index] ?? 0n)) & mask64);
}
