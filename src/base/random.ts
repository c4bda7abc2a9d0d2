/** Port: randomness. Seeded in tests and in the simulator, the host's in production. */
export interface Random {
  /** A uniform integer from 0 to 2^32 - 1. */
  uint32(): number;
  /** `length` random bytes in a fresh buffer; from a cryptographic source where the host has one. */
  bytes(length: number): Uint8Array;
}

/** A uniform integer from 0 to `bound` - 1; `bound` from 1 to 2^32. */
export function randomBelow(random: Random, bound: number): number {
  return Math.floor((random.uint32() / 4_294_967_296) * bound);
}
