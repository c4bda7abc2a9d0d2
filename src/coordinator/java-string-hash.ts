/** Java's `String.hashCode`: over UTF-16 units, in 32-bit arithmetic. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** Kafka's `Utils.abs(key.hashCode) % count`: where a group or a transactional id lives. */
export function coordinatorPartitionFor(key: string, partitionCount: number): number {
  return (javaStringHash(key) & 0x7fffffff) % partitionCount;
}
