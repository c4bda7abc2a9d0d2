import { Decompress } from 'fzstd';
import { GrowingBytes, tooLong } from './growing-bytes.ts';
import { CorruptRecordError } from './record-errors.ts';

const frameMagic = 0xfd2fb528;
const blockBytesMax = 131_072;
/** What zstd itself allows by default: 2^27. */
const windowBytesMax = 134_217_728;
const singleSegmentFlag = 0x20;
const checksumFlag = 0x04;
const blockTypes = { raw: 0, runLength: 1 };

/**
 * A zstd frame of blocks that are stored as they are, or as one byte and a count: valid, and as fast as copying.
 * Simplified: it compresses nothing but runs. Hosts with zstd do it right.
 */
export function storeZstd(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / blockBytesMax));
  const out = new Uint8Array(9 + blocks * 3 + bytes.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, frameMagic, true);
  out[4] = 0xa0; // single segment, four bytes of content size
  view.setUint32(5, bytes.length, true);
  let at = 9;
  for (let block = 0; block < blocks; block++) {
    const content = bytes.subarray(block * blockBytesMax, (block + 1) * blockBytesMax);
    const isRun = 1 < content.length && content.every((byte) => byte === content[0]);
    const type = isRun ? blockTypes.runLength : blockTypes.raw;
    const isLast = block === blocks - 1 ? 1 : 0;
    const header = (content.length << 3) | (type << 1) | isLast;
    out[at] = header;
    out[at + 1] = header >>> 8;
    out[at + 2] = header >>> 16;
    const stored = isRun ? content.subarray(0, 1) : content;
    out.set(stored, at + 3);
    at += 3 + stored.length;
  }
  return out.subarray(0, at);
}

/** Frames with or without content size. Throws CorruptRecordError, or fzstd's errors on damaged blocks. */
export function decompressZstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const out = new GrowingBytes(bytes.length * 4, maxBytes);
  for (let at = 0; at < bytes.length; ) {
    const frame = bytes.subarray(at, at + frameLength(bytes.subarray(at), maxBytes));
    new Decompress((chunk) => out.append(chunk)).push(frame, true);
    at += frame.length;
  }
  return out.finish();
}

/** Walks over a frame's blocks; refuses what would cost too much memory before anything is allocated. */
function frameLength(bytes: Uint8Array, maxBytes: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || view.getUint32(0, true) !== frameMagic) throw damaged();
  const descriptor = view.getUint8(4);
  let at = frameHeaderBytes(view, descriptor, maxBytes);
  for (let isLast = false; !isLast; ) {
    if (bytes.length < at + 3) throw damaged();
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (header & 1) === 1;
    const isRun = ((header >>> 1) & 3) === blockTypes.runLength;
    at += 3 + (isRun ? 1 : header >>> 3);
  }
  if ((descriptor & checksumFlag) !== 0) at += 4;
  if (bytes.length < at) throw damaged();
  return at;
}

function frameHeaderBytes(view: DataView, descriptor: number, maxBytes: number): number {
  const isSingleSegment = (descriptor & singleSegmentFlag) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  if (view.byteLength < at + sizeBytes) throw damaged();
  const window = isSingleSegment ? contentSize(view, at, sizeBytes) : windowSize(view.getUint8(5));
  if (isSingleSegment && maxBytes < window) throw tooLong(maxBytes);
  if (windowBytesMax < window) {
    throw new CorruptRecordError(`a zstd window of ${window} bytes is too large`);
  }
  return at + sizeBytes;
}

function contentSize(view: DataView, at: number, length: number): number {
  if (length === 1) return view.getUint8(at);
  if (length === 2) return view.getUint16(at, true) + 256;
  if (length === 4) return view.getUint32(at, true);
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 4_294_967_296;
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function damaged(): CorruptRecordError {
  return new CorruptRecordError('zstd data is damaged or cut off');
}
