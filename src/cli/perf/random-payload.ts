/** Two letters for each of 2^16 random values: bytes 65 to 90, as Kafka's payloads have. */
const pairs = letterPairs();

/**
 * Fills payloads with random letters, a fresh one a record as in Kafka. The generator's state is in a
 * typed array: V8 boxes 32-bit integers that outlive a function, which made this five times slower.
 */
export class RandomPayload {
  /** The letters; filled anew by `next`. */
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #state: Int32Array;

  /** `seed` is any 32-bit number. */
  constructor(sizeBytes: number, seed: number) {
    this.#words = new Int32Array(Math.ceil(sizeBytes / 4));
    this.bytes = new Uint8Array(this.#words.buffer, 0, sizeBytes);
    this.#state = Int32Array.of(seed === 0 ? 1 : seed);
  }

  next(): Uint8Array {
    const words = this.#words;
    let state = this.#state[0] ?? 1;
    for (let i = 0; i < words.length; i++) {
      // xorshift32 (Marsaglia): full period over all numbers but 0.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = (pairs[state & 0xffff] ?? 0) | ((pairs[state >>> 16] ?? 0) << 16);
    }
    this.#state[0] = state;
    return this.bytes;
  }
}

function letterPairs(): Uint16Array {
  return Uint16Array.from({ length: 65_536 }, (_, i) => {
    const first = 65 + (i % 26);
    const second = 65 + (Math.floor(i / 26) % 26);
    return (second << 8) | first;
  });
}
