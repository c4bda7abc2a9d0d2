import * as zlib from 'node:zlib';
import type { HostCodec, HostCompression } from '../../base/compression.ts';

const gzip: HostCodec = {
  compress: (bytes) => zlib.gzipSync(bytes),
  decompress: (bytes, maxBytes) => zlib.gunzipSync(bytes, { maxOutputLength: maxBytes }),
};

/** Node 22.15 and later have zstd; Node 20 leaves it to the portable codec. */
const zstd: HostCodec | undefined =
  'zstdCompressSync' in zlib
    ? {
        compress: (bytes) => zlib.zstdCompressSync(bytes),
        decompress: (bytes, maxBytes) =>
          zlib.zstdDecompressSync(bytes, { maxOutputLength: maxBytes }),
      }
    : undefined;

export const nodeCompression: HostCompression = zstd === undefined ? { gzip } : { gzip, zstd };
