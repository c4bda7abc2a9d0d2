import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '../../base/random.ts';

/** Draws from the operating system's generator, 4 KiB at a time. */
export class NodeRandom implements Random {
  readonly #pool = new Uint32Array(1024);
  #used = this.#pool.length;

  uint32(): number {
    if (this.#used === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const value = this.#pool[this.#used] ?? 0;
    this.#used += 1;
    return value;
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(randomBytes(length));
  }
}
