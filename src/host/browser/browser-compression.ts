import type { HostCompression } from '../../base/compression.ts';

/** Kafka's default (`compression.zstd.level`). */
const zstdLevel = 3;

/** A tab has no synchronous codec of its own; zstd comes as WebAssembly, a quarter of a megabyte, when it is wanted. */
export const browserCompression: HostCompression = {
  async loadZstd() {
    const zstd = await import('@bokuweb/zstd-wasm');
    await zstd.init();
    return {
      compress: (bytes) => zstd.compress(bytes, zstdLevel),
      decompress: (bytes) => zstd.decompress(bytes),
    };
  },
};
