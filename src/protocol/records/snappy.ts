import { GrowingBytes, tooLong } from './growing-bytes.ts';
import { copyMatch, read32 } from './lz4.ts';
import { CorruptRecordError } from './record-errors.ts';

/**
 * Snappy in the framing of xerial's Java library, which Kafka uses: a header, then blocks of at most 32 KiB,
 * each with its length. Some clients leave the framing out; reading takes that too.
 */
const xerialMagic = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00);
const xerialVersion = 1;
const xerialHeaderBytes = 16;
const blockBytes = 32_768;
const hashBits = 13;
/** Matching stops this far from the end, so that four bytes can always be read. */
const matchMargin = 15;
const copyLengthMax = 64;

export function compressSnappy(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / blockBytes);
  const out = new Uint8Array(
    xerialHeaderBytes + blocks * (4 + 32) + bytes.length + Math.ceil(bytes.length / 6),
  );
  const view = new DataView(out.buffer);
  const table = new Int32Array(1 << hashBits);
  out.set(xerialMagic);
  view.setInt32(8, xerialVersion);
  view.setInt32(12, xerialVersion);
  let at = xerialHeaderBytes;
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const block = bytes.subarray(start, start + blockBytes);
    const end = compressBlock(block, out, at + 4, table);
    view.setInt32(at, end - at - 4);
    at = end;
  }
  return out.subarray(0, at);
}

function compressBlock(src: Uint8Array, out: Uint8Array, start: number, table: Int32Array): number {
  table.fill(-1);
  let at = writeUncompressedLength(out, start, src.length);
  let anchor = 0;
  for (let i = 0; i < src.length - matchMargin; ) {
    const sequence = read32(src, i);
    const hash = Math.imul(sequence, 0x1e35a7bd) >>> (32 - hashBits);
    const candidate = table[hash] as number;
    table[hash] = i;
    if (candidate < 0 || read32(src, candidate) !== sequence) {
      i += 1 + ((i - anchor) >> 5);
      continue;
    }
    let end = i + 4;
    let from = candidate + 4;
    while (end < src.length && src[end] === src[from]) {
      end++;
      from++;
    }
    at = writeLiteral(out, at, src.subarray(anchor, i));
    at = writeCopies(out, at, i - candidate, end - i);
    anchor = end;
    i = end;
  }
  return writeLiteral(out, at, src.subarray(anchor));
}

function writeUncompressedLength(out: Uint8Array, start: number, length: number): number {
  let at = start;
  let rest = length;
  for (; 0x80 <= rest; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80;
  out[at++] = rest;
  return at;
}

function writeLiteral(out: Uint8Array, start: number, literal: Uint8Array): number {
  const code = literal.length - 1;
  let at = start;
  if (code < 0) return at;
  if (code < 60) {
    out[at++] = code << 2;
  } else if (code < 256) {
    out[at++] = 60 << 2;
    out[at++] = code;
  } else {
    out[at++] = 61 << 2;
    out[at++] = code;
    out[at++] = code >>> 8;
  }
  out.set(literal, at);
  return at + literal.length;
}

/** Copies with two-byte offsets, 64 bytes at most each. */
function writeCopies(out: Uint8Array, start: number, offset: number, length: number): number {
  let at = start;
  for (let rest = length; 0 < rest; ) {
    const take = Math.min(rest, copyLengthMax);
    out[at++] = ((take - 1) << 2) | 2;
    out[at++] = offset;
    out[at++] = offset >>> 8;
    rest -= take;
  }
  return at;
}

/** Throws CorruptRecordError. */
export function decompressSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (!xerialMagic.every((byte, i) => bytes[i] === byte)) {
    const out = new GrowingBytes(0, maxBytes);
    decompressBlock(bytes, out, maxBytes);
    return out.finish();
  }
  if (bytes.length < xerialHeaderBytes) throw new CorruptRecordError('a snappy header is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new GrowingBytes(bytes.length * 2, maxBytes);
  for (let at = xerialHeaderBytes; at < bytes.length; ) {
    if (bytes.length < at + 4) throw badBlock();
    const length = view.getInt32(at);
    at += 4;
    if (length < 0 || bytes.length < at + length) throw badBlock();
    decompressBlock(bytes.subarray(at, at + length), out, maxBytes);
    at += length;
  }
  return out.finish();
}

function decompressBlock(src: Uint8Array, out: GrowingBytes, maxBytes: number): void {
  const [length, start] = readUncompressedLength(src);
  if (maxBytes < out.length + length) throw tooLong(maxBytes);
  // The densest element makes 64 bytes of three: a longer claim is a lie, and would cost memory.
  if (src.length * 22 < length) throw badBlock();
  const base = out.length;
  const dst = out.reserve(length);
  const end = base + length;
  let to = base;
  for (let at = start; at < src.length; ) {
    const { literalBytes, copyBytes, offset, next } = readElement(src, at);
    at = next + literalBytes;
    if (end < to + literalBytes + copyBytes || src.length < at) throw badBlock();
    if (0 < literalBytes) dst.set(src.subarray(next, at), to);
    else if (offset === 0 || to - base < offset) throw badBlock();
    else copyMatch(dst, to, offset, copyBytes);
    to += literalBytes + copyBytes;
  }
  if (to !== end) throw badBlock();
  out.advanceTo(to);
}

interface Element {
  literalBytes: number;
  copyBytes: number;
  offset: number;
  next: number;
}

/** One for all calls: an object a tag would be garbage. */
const element: Element = { literalBytes: 0, copyBytes: 0, offset: 0, next: 0 };

function readElement(src: Uint8Array, at: number): Element {
  const tag = src[at] as number;
  const kind = tag & 3;
  element.literalBytes = 0;
  element.copyBytes = 0;
  if (kind === 0) return readLiteralTag(src, at, tag);
  if (kind === 1) {
    element.copyBytes = ((tag >>> 2) & 7) + 4;
    element.offset = ((tag >>> 5) << 8) | byteAt(src, at + 1);
    element.next = at + 2;
    return element;
  }
  element.copyBytes = (tag >>> 2) + 1;
  element.offset = littleEndian(src, at + 1, kind === 2 ? 2 : 4);
  element.next = at + (kind === 2 ? 3 : 5);
  return element;
}

function readLiteralTag(src: Uint8Array, at: number, tag: number): Element {
  const code = tag >>> 2;
  const extra = Math.max(0, code - 59);
  element.literalBytes = (extra === 0 ? code : littleEndian(src, at + 1, extra)) + 1;
  element.next = at + 1 + extra;
  return element;
}

function littleEndian(src: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; 0 <= i; i--) value = value * 256 + byteAt(src, at + i);
  return value;
}

function byteAt(src: Uint8Array, at: number): number {
  const byte = src[at];
  if (byte === undefined) throw badBlock();
  return byte;
}

function readUncompressedLength(src: Uint8Array): [number, number] {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = byteAt(src, i);
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [length, i + 1];
  }
  throw badBlock();
}

function badBlock(): CorruptRecordError {
  return new CorruptRecordError('a snappy block is damaged');
}
