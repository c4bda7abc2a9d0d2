/**
 * Port: compression that the host has built in (Node's zlib), several times as fast as the portable codecs.
 * What a host lacks is absent, and the portable codec is used. Nothing here knows Kafka's framings.
 */
export interface HostCompression {
  readonly gzip?: HostCodec;
  readonly zstd?: HostCodec;
  /** Loads a zstd that is too large to have from the start; called once, when zstd is first wanted. */
  readonly loadZstd?: () => Promise<HostCodec>;
}

export interface HostCodec {
  compress(bytes: Uint8Array): Uint8Array;
  /** Throws (any error) on bad bytes or when the result would be longer than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}
