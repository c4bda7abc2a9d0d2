/** Castagnoli's polynomial, bits reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;
const SLICES = 16;
/** 16 tables of 256 entries, one after the other: what a byte does n bytes further on. */
const TABLES = buildTables();

/** CRC-32C of `bytes` from `start` up to `end`, as the unsigned number that batches hold. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.byteLength): number {
  return crc32cUpdate(0, bytes, start, end) >>> 0;
}

/**
 * Goes on from the CRC of what came before (0 at the start), so that bytes in several chunks
 * have one CRC. Takes and gives an int32. Slicing by 16: 16 bytes a round, each through a
 * table of its own; all state is in locals because V8 keeps int32 unboxed only there.
 */
export function crc32cUpdate(
  crc: number,
  bytes: Uint8Array,
  start = 0,
  end = bytes.byteLength,
): number {
  const t = TABLES;
  const b = bytes;
  let state = ~crc;
  let i = start;
  for (const last = end - SLICES; i <= last; i += SLICES) {
    // Within the arrays by construction; `as number` costs nothing, a default would.
    state ^=
      (b[i] as number) |
      ((b[i + 1] as number) << 8) |
      ((b[i + 2] as number) << 16) |
      ((b[i + 3] as number) << 24);
    state =
      (t[3840 + (state & 255)] as number) ^
      (t[3584 + ((state >>> 8) & 255)] as number) ^
      (t[3328 + ((state >>> 16) & 255)] as number) ^
      (t[3072 + (state >>> 24)] as number) ^
      (t[2816 + (b[i + 4] as number)] as number) ^
      (t[2560 + (b[i + 5] as number)] as number) ^
      (t[2304 + (b[i + 6] as number)] as number) ^
      (t[2048 + (b[i + 7] as number)] as number) ^
      (t[1792 + (b[i + 8] as number)] as number) ^
      (t[1536 + (b[i + 9] as number)] as number) ^
      (t[1280 + (b[i + 10] as number)] as number) ^
      (t[1024 + (b[i + 11] as number)] as number) ^
      (t[768 + (b[i + 12] as number)] as number) ^
      (t[512 + (b[i + 13] as number)] as number) ^
      (t[256 + (b[i + 14] as number)] as number) ^
      (t[b[i + 15] as number] as number);
  }
  for (; i < end; i++) {
    state = (t[(state ^ (b[i] as number)) & 255] as number) ^ (state >>> 8);
  }
  return ~state;
}

function buildTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    tables[i] = value;
  }
  for (let i = 256; i < tables.length; i++) {
    const previous = tables[i - 256] ?? 0;
    tables[i] = (tables[previous & 255] ?? 0) ^ (previous >>> 8);
  }
  return tables;
}
