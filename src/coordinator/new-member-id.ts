import type { Random } from '../base/random.ts';

/** `<prefix>-<uuid>`: the prefix is the client id or the group instance id, the uuid is Java's random one (v4). */
export function newMemberId(random: Random, prefix: string): string {
  const bytes = random.bytes(16);
  const hex = Array.from(bytes, (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  })
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return `${prefix}-${parts.join('-')}`;
}
