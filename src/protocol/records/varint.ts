/** Zigzag variable-length integers of records (ByteUtils.writeVarint, writeVarlong). The writers answer the next position. */

/** `value` is an int32. */
export function sizeOfVarint(value: number): number {
  const raw = ((value << 1) ^ (value >> 31)) >>> 0;
  if (raw < 0x80) return 1;
  if (raw < 0x4000) return 2;
  if (raw < 0x200000) return 3;
  return raw < 0x10000000 ? 4 : 5;
}

/** `value` is an int32. */
export function writeVarint(buffer: Uint8Array, start: number, value: number): number {
  let raw = (value << 1) ^ (value >> 31);
  let position = start;
  while ((raw & ~0x7f) !== 0) {
    buffer[position++] = (raw & 0x7f) | 0x80;
    raw >>>= 7;
  }
  buffer[position++] = raw;
  return position;
}

/** `value` is a safe integer of at most 52 bits. */
export function sizeOfVarlong(value: number): number {
  if (isShort(value)) return sizeOfVarint(value);
  let size = 1;
  for (let raw = zigzag(value); 0x80 <= raw; raw = Math.floor(raw / 128)) size++;
  return size;
}

/** `value` is a safe integer of at most 52 bits. */
export function writeVarlong(buffer: Uint8Array, start: number, value: number): number {
  if (isShort(value)) return writeVarint(buffer, start, value);
  let raw = zigzag(value);
  let position = start;
  while (0x80 <= raw) {
    buffer[position++] = (raw % 128) | 0x80;
    raw = Math.floor(raw / 128);
  }
  buffer[position++] = raw;
  return position;
}

function isShort(value: number): boolean {
  return -0x40000000 <= value && value < 0x40000000;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
