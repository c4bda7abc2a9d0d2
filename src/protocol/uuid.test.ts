import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  METADATA_TOPIC_ID,
  uuidFromRandomBytes,
  uuidFromString,
  uuidToString,
  ZERO_UUID,
} from './uuid.ts';

test('a uuid is the text that Kafka prints', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  expect(uuidToString(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
  expect(uuidToString(new Uint8Array(16))).toBe(ZERO_UUID);
  expect(uuidFromString(METADATA_TOPIC_ID)).toEqual(new Uint8Array(16).fill(1, 15));
});

test('every 16 bytes come back from their text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(uuidFromString(uuidToString(bytes))).toEqual(bytes);
    }),
    { seed: 1 },
  );
});

test.for([
  '',
  'short',
  `${ZERO_UUID}A`,
  'AAAAAAAAAAAAAAAAAAAAA=',
  'AAAAAAAAAAAAAAAAAAAAA+',
  'žAAAAAAAAAAAAAAAAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAB',
])('%j is no uuid', (text) => {
  expect(uuidFromString(text)).toBeUndefined();
});

test('a random uuid has version 4 and never begins like an option of a command', () => {
  const uuid = uuidFromRandomBytes(new Uint8Array(16).fill(0x11));
  expect(Buffer.from(uuid ?? '', 'base64url').toString('hex')).toBe(
    '11111111111141119111111111111111',
  );
  expect(uuidFromRandomBytes(new Uint8Array(16).fill(0xf8))).toBeUndefined();
});
