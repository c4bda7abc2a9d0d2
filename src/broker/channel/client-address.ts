const loopback = Uint8Array.of(127, 0, 0, 1);

/**
 * A client's address (`/10.0.0.7`) as an envelope carries it: 4 or 16 bytes (`InetAddress.getAddress`). A name, as a
 * test's machines have, counts as 127.0.0.1.
 */
export function addressBytes(clientHost: string): Uint8Array {
  // An address of the local network may name an interface: fe80::1%eth0.
  const text = clientHost.replace(/^\//, '').replace(/%.*$/, '');
  return bytesOfIpv4(text) ?? bytesOfIpv6(text) ?? loopback;
}

/** Of 4 or 16 bytes, as Java prints it. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.byteLength === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return words.join(':');
}

function bytesOfIpv4(text: string): Uint8Array | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? Uint8Array.from(bytes) : undefined;
}

function bytesOfIpv6(text: string): Uint8Array | undefined {
  if (!/^[\da-f:]{2,39}$/i.test(text)) return undefined;
  const [head = '', tail, ...more] = text.split('::');
  const left = wordsOf(head);
  const right = wordsOf(tail ?? '');
  const missing = 8 - left.length - right.length;
  const isWhole = tail === undefined ? missing === 0 : 0 < missing;
  if (!isWhole || 0 < more.length) return undefined;
  const words = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  if (words.some((word) => Number.isNaN(word) || 0xffff < word)) return undefined;
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

function wordsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
}
