import type { Random } from '../../base/random.ts';

/** The same seed gives the same sequence everywhere. For tests and simulations, never for secrets. */
export class SeededRandom implements Random {
  /** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, passes PractRand; state in a typed array, as V8 boxes int32 in fields. */
  readonly #state: Int32Array;

  constructor(seed: number) {
    this.#state = Int32Array.of(seed, seed ^ 0x9e3779b9, 0x243f6a88, 1);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  uint32(): number {
    const state = this.#state;
    const a = state[0] ?? 0;
    const b = state[1] ?? 0;
    const c = state[2] ?? 0;
    const counter = state[3] ?? 0;
    const result = (((a + b) | 0) + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
    state[3] = (counter + 1) | 0;
    return result >>> 0;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.uint32();
      bytes[i] = word;
      bytes[i + 1] = word >>> 8;
      bytes[i + 2] = word >>> 16;
      bytes[i + 3] = word >>> 24;
    }
    return bytes;
  }
}
