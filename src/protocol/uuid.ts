const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PAIRS = Array.from(
  { length: 4096 },
  (_, i) => ALPHABET.charAt(i >> 6) + ALPHABET.charAt(i & 63),
);
const DIGITS = digitValues();

/** The uuid that stands for none: 16 zero bytes. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Topic id of `__cluster_metadata` (Kafka's Uuid.METADATA_TOPIC_ID, 0…01). */
export const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

/** The 22 characters, base64url without padding, that Kafka prints for the 16 bytes at `start`. */
export function uuidToString(bytes: Uint8Array, start = 0): string {
  let text = '';
  for (let i = start; i < start + 15; i += 3) {
    const three = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2);
    text += pairAt(three >> 12) + pairAt(three & 4095);
  }
  return text + pairAt(byteAt(bytes, start + 15) << 4);
}

/** Writes the uuid's 16 bytes at `start`; false, and nothing useful written, when it is none. */
export function writeUuid(uuid: string, bytes: Uint8Array, start: number): boolean {
  if (uuid.length !== 22) return false;
  let invalid = 0;
  for (let i = 0, at = start; i < 20; i += 4, at += 3) {
    const high = (digitAt(uuid, i) << 6) | digitAt(uuid, i + 1);
    const low = (digitAt(uuid, i + 2) << 6) | digitAt(uuid, i + 3);
    invalid |= high | low;
    bytes[at] = high >> 4;
    bytes[at + 1] = (high << 4) | (low >> 8);
    bytes[at + 2] = low;
  }
  const last = (digitAt(uuid, 20) << 6) | digitAt(uuid, 21);
  bytes[start + 15] = last >> 4;
  return 0 <= (invalid | last) && (last & 15) === 0;
}

/** The 16 bytes of a uuid; undefined when the text is not 22 base64url characters of one. */
export function uuidFromString(uuid: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  return writeUuid(uuid, bytes, 0) ? bytes : undefined;
}

/**
 * A random (version 4) uuid from 16 random bytes, or undefined for the few that Kafka avoids:
 * reserved ones, and those that begin with `-`, which command lines would take for an option.
 */
export function uuidFromRandomBytes(random: Uint8Array): string | undefined {
  const bytes = random.slice(0, 16);
  bytes[6] = (byteAt(bytes, 6) & 0x0f) | 0x40;
  bytes[8] = (byteAt(bytes, 8) & 0x3f) | 0x80;
  const uuid = uuidToString(bytes);
  return uuid.startsWith('-') ? undefined : uuid;
}

function digitValues(): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;
  return values;
}

function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (DIGITS[code] ?? -1) : -1;
}

function pairAt(index: number): string {
  return PAIRS[index] ?? '';
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
