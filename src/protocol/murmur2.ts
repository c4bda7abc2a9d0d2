const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** Kafka's 32-bit murmur2 hash of a key, as Java's int. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.byteLength;
  let hash = SEED ^ length;
  let i = 0;
  for (const last = length - 4; i <= last; i += 4) {
    const word =
      at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    let k = Math.imul(word, MULTIPLIER);
    k = Math.imul(k ^ (k >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ k;
  }
  if (i < length) {
    let rest = 0;
    for (let j = length - 1; i <= j; j--) rest = (rest << 8) | at(bytes, j);
    hash = Math.imul(hash ^ rest, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition that Kafka's default partitioner chooses for a key. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
