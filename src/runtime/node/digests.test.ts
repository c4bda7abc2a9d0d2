import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { digests, hmac, pbkdf2 } from './digests.ts';

const names = ['md5', 'sha1', 'sha256', 'sha512'];
const inputs = [0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000].map((length) =>
  Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255),
);

test.each(names)('%s of every padding length is what Node says', (name) => {
  for (const input of inputs) {
    const expected = createHash(name).update(input).digest();
    expect(Buffer.from(digests.get(name)!.digest(input))).toEqual(expected);
  }
});

test.each(names)('HMAC with %s is what Node says, for keys short and long', (name) => {
  for (const key of inputs) {
    const expected = createHmac(name, key).update('message').digest();
    const actual = hmac(digests.get(name)!, key, new TextEncoder().encode('message'));
    expect(Buffer.from(actual)).toEqual(expected);
  }
});

test('PBKDF2 is what Node says', () => {
  const password = new TextEncoder().encode('secret');
  const salt = new TextEncoder().encode('salt');
  const actual = pbkdf2(digests.get('sha256')!, password, salt, { iterations: 50, length: 70 });
  expect(Buffer.from(actual)).toEqual(pbkdf2Sync('secret', 'salt', 50, 70, 'sha256'));
});
