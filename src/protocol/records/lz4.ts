import { GrowingBytes } from './growing-bytes.ts';
import { CorruptRecordError } from './record-errors.ts';

/**
 * LZ4 frames as Kafka's Java client writes them (Lz4BlockOutputStream): independent blocks of 64 KiB, no checksums
 * but the header's, which never changes.
 */
const frameHeader = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82);
const blockBytes = 65_536;
const uncompressedFlag = 0x80000000;
const flags = { dictionary: 0x01, contentSize: 0x08, blockChecksum: 0x10 };
const versionMask = 0xc0;
const version1 = 0x40;

const minMatch = 4;
/** The last match starts at least this far from the end, and the last five bytes are literals (LZ4 block format). */
const matchStartMargin = 12;
const lastLiterals = 5;
const hashBits = 14;

export function compressLz4(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / blockBytes);
  const out = new Uint8Array(
    frameHeader.length + blocks * (4 + 16) + bytes.length + Math.ceil(bytes.length / 255) + 4,
  );
  const view = new DataView(out.buffer);
  const table = new Int32Array(1 << hashBits);
  out.set(frameHeader);
  let at = frameHeader.length;
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const end = Math.min(bytes.length, start + blockBytes);
    const compressedEnd = compressBlock(bytes.subarray(start, end), out, at + 4, table);
    const length = compressedEnd - at - 4;
    if (length < end - start) {
      view.setUint32(at, length, true);
      at = compressedEnd;
    } else {
      view.setUint32(at, (end - start) | uncompressedFlag, true);
      out.set(bytes.subarray(start, end), at + 4);
      at += 4 + end - start;
    }
  }
  view.setUint32(at, 0, true);
  return out.subarray(0, at + 4);
}

/** Greedy, with a table of the last place of each four bytes; steps grow where nothing matches. Answers the end in `out`. */
function compressBlock(src: Uint8Array, out: Uint8Array, start: number, table: Int32Array): number {
  table.fill(-1);
  const matchEnd = src.length - lastLiterals;
  const lastStart = src.length - matchStartMargin;
  let at = start;
  let anchor = 0;
  for (let i = 0; i < lastStart; ) {
    const sequence = read32(src, i);
    const hash = Math.imul(sequence, 0x9e3779b1) >>> (32 - hashBits);
    const candidate = table[hash] as number;
    table[hash] = i;
    if (candidate < 0 || read32(src, candidate) !== sequence) {
      i += 1 + ((i - anchor) >> 6);
      continue;
    }
    let end = i + minMatch;
    let from = candidate + minMatch;
    while (end < matchEnd && src[end] === src[from]) {
      end++;
      from++;
    }
    at = writeSequence(out, at, src.subarray(anchor, i), end - i - minMatch);
    const offset = i - candidate;
    // The offset comes between the literals and the rest of the match length.
    at = writeMatch(out, at, offset, end - i - minMatch);
    anchor = end;
    i = end;
  }
  return writeSequence(out, at, src.subarray(anchor), 0);
}

function writeSequence(
  out: Uint8Array,
  start: number,
  literals: Uint8Array,
  matchCode: number,
): number {
  const count = literals.length;
  let at = start;
  out[at++] = (Math.min(count, 15) << 4) | Math.min(matchCode, 15);
  if (15 <= count) at = writeLength(out, at, count - 15);
  out.set(literals, at);
  return at + count;
}

function writeMatch(out: Uint8Array, start: number, offset: number, matchCode: number): number {
  out[start] = offset;
  out[start + 1] = offset >>> 8;
  return 15 <= matchCode ? writeLength(out, start + 2, matchCode - 15) : start + 2;
}

function writeLength(out: Uint8Array, start: number, length: number): number {
  let at = start;
  let rest = length;
  for (; 255 <= rest; rest -= 255) out[at++] = 255;
  out[at++] = rest;
  return at;
}

/** Throws CorruptRecordError. Checksums are not looked at: batches have their own. */
export function decompressLz4(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = readFrameHeader(view);
  const out = new GrowingBytes(bytes.length * 4, maxBytes);
  for (let at = frame.headerBytes; ; ) {
    if (bytes.length < at + 4)
      throw new CorruptRecordError('an lz4 frame ends without its end mark');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.finish();
    const length = word & 0x7fffffff;
    if (bytes.length < at + length) throw new CorruptRecordError('an lz4 block is cut off');
    const block = bytes.subarray(at, at + length);
    if (0x7fffffff < word) out.append(block);
    else decompressBlock(block, out, frame.blockBytesMax);
    at += length + frame.blockChecksumBytes;
  }
}

function readFrameHeader(view: DataView) {
  if (view.byteLength < frameHeader.length || view.getUint32(0, true) !== 0x184d2204) {
    throw new CorruptRecordError('lz4 data does not begin with a frame');
  }
  const flag = view.getUint8(4);
  const blockBytesMax = blockMaxOf(view.getUint8(5));
  if ((flag & versionMask) !== version1 || blockBytesMax === undefined) {
    throw new CorruptRecordError('an lz4 frame has an unknown version or block size');
  }
  const sizeOf = (field: number, bytes: number) => ((flag & field) === 0 ? 0 : bytes);
  return {
    headerBytes: frameHeader.length + sizeOf(flags.contentSize, 8) + sizeOf(flags.dictionary, 4),
    blockBytesMax,
    blockChecksumBytes: sizeOf(flags.blockChecksum, 4),
  };
}

function decompressBlock(src: Uint8Array, out: GrowingBytes, blockBytesMax: number): void {
  const dst = out.reserve(blockBytesMax);
  const end = out.length + blockBytesMax;
  let to = out.length;
  let at = 0;
  while (at < src.length) {
    const token = src[at++] as number;
    let literals = token >>> 4;
    if (literals === 15) [literals, at] = readLength(src, at, literals);
    if (src.length < at + literals || end < to + literals) throw badBlock();
    dst.set(src.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === src.length) break;
    if (src.length < at + 2) throw badBlock();
    const offset = (src[at] as number) | ((src[at + 1] as number) << 8);
    at += 2;
    let length = token & 15;
    if (length === 15) [length, at] = readLength(src, at, length);
    length += minMatch;
    if (offset === 0 || to < offset || end < to + length) throw badBlock();
    copyMatch(dst, to, offset, length);
    to += length;
  }
  out.advanceTo(to);
}

function readLength(src: Uint8Array, start: number, base: number): [number, number] {
  let at = start;
  let length = base;
  for (;;) {
    const byte = src[at++];
    if (byte === undefined) throw badBlock();
    length += byte;
    if (byte !== 255) return [length, at];
  }
}

/** Copies what came `offset` bytes before; the two may overlap, which repeats it. */
export function copyMatch(dst: Uint8Array, to: number, offset: number, length: number): void {
  if (length <= offset) {
    dst.copyWithin(to, to - offset, to - offset + length);
    return;
  }
  for (let i = to; i < to + length; i++) dst[i] = dst[i - offset] as number;
}

/** Little-endian, as an int32. */
export function read32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function blockMaxOf(descriptor: number): number | undefined {
  return [65_536, 262_144, 1_048_576, 4_194_304][((descriptor >>> 4) & 7) - 4];
}

function badBlock(): CorruptRecordError {
  return new CorruptRecordError('an lz4 block is damaged');
}
