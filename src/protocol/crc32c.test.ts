import { expect, test } from 'vitest';
import { crc32c, crc32cUpdate } from './crc32c.ts';

const text = (value: string) => new TextEncoder().encode(value);

test('crc32c gives the values of RFC 3720, appendix B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(text('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(0))).toBe(0);
});

test('crc32c of chunks is the crc32c of the whole, wherever the chunks are cut', () => {
  const whole = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) & 255);
  for (let cut = 0; cut <= whole.length; cut++) {
    const head = crc32cUpdate(0, whole, 0, cut);
    expect(crc32cUpdate(head, whole, cut) >>> 0).toBe(crc32c(whole));
  }
});
