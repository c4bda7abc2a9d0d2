import { expect, test } from 'vitest';
import { addressBytes, addressText } from './client-address.ts';

test.for([
  ['/10.0.0.7', '10.0.0.7'],
  ['/255.255.255.255', '255.255.255.255'],
  ['/::1', '0:0:0:0:0:0:0:1'],
  ['/::', '0:0:0:0:0:0:0:0'],
  ['/fe80::a:b%eth0', 'fe80:0:0:0:0:0:a:b'],
  ['/1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['/1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
] as const)('%s goes over the wire as %s', ([host, text]) => {
  expect(addressText(addressBytes(host))).toBe(text);
});

test.for([
  '/worker1',
  '/',
  '',
  '/256.0.0.1',
  '/1.2.3',
  '/::1::2',
  '/1:2',
  '/12345::',
  '/1::2:3:4:5:6:7:8',
])('what is no address counts as the machine itself: %s', (host) => {
  expect(addressText(addressBytes(host))).toBe('127.0.0.1');
});
