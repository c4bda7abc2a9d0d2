import { Gunzip, gzipSync } from 'fflate';
import { AssertionError } from '../../base/assert.ts';
import type { HostCodec, HostCompression } from '../../base/compression.ts';
import type { CompressionCodecs, CompressionType } from './compression.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { compressLz4, decompressLz4 } from './lz4.ts';
import { CorruptRecordError } from './record-errors.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';
import { decompressZstd, storeZstd } from './zstd.ts';

/** How much gzip data is inflated before the limit is looked at: it may grow a thousandfold. */
const gunzipStepBytes = 4096;

/** Every codec of Kafka on every host; what the host has built in (Node's zlib) is used where it can be. */
export function portableCodecs(host: HostCompression = {}): CompressionCodecs {
  const codecs: Record<CompressionType, HostCodec> = {
    none: { compress: (bytes) => bytes, decompress: (bytes) => bytes },
    gzip: host.gzip ?? { compress: (bytes) => gzipSync(bytes), decompress: gunzip },
    snappy: { compress: compressSnappy, decompress: decompressSnappy },
    lz4: { compress: compressLz4, decompress: decompressLz4 },
    zstd: host.zstd ?? { compress: storeZstd, decompress: decompressZstd },
  };
  return {
    async prepare(type) {
      if (type !== 'zstd' || host.zstd !== undefined || host.loadZstd === undefined) return;
      // The portable one decompresses well and with a bound; only its compressing is poor.
      const { compress } = await host.loadZstd();
      codecs.zstd = { ...codecs.zstd, compress };
    },
    compress: (type, bytes) => plain(codecs[type].compress(bytes)),
    decompress: (type, bytes, maxBytes) => {
      try {
        return plain(codecs[type].decompress(bytes, Math.max(1, maxBytes)));
      } catch (cause) {
        if (cause instanceof CorruptRecordError || cause instanceof AssertionError) throw cause;
        // Each library throws errors of its own on bad bytes.
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new CorruptRecordError(`${type} data cannot be decompressed: ${reason}`, { cause });
      }
    },
  };
}

/** Node's Buffer is a Uint8Array whose `slice` does not copy: it stays outside. */
function plain(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const out = new GrowingBytes(bytes.length * 4, maxBytes);
  const stream = new Gunzip((chunk) => out.append(chunk));
  for (let at = 0; at < bytes.length; at += gunzipStepBytes) {
    const end = at + gunzipStepBytes;
    stream.push(bytes.subarray(at, end), bytes.length <= end);
  }
  return out.finish();
}
