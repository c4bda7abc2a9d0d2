import type { Random } from '../../base/random.ts';

/** What getRandomValues gives at most in one call. */
const maximumRequestBytes = 65_536;
const wordsAhead = 256;

/** The browser's cryptographic random numbers; there in insecure contexts too. */
export function createBrowserRandom(): Random {
  const words = new Uint32Array(wordsAhead);
  let used = wordsAhead;
  return {
    uint32() {
      if (used === wordsAhead) {
        crypto.getRandomValues(words);
        used = 0;
      }
      const word = words[used] ?? 0;
      used += 1;
      return word;
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += maximumRequestBytes) {
        crypto.getRandomValues(bytes.subarray(at, at + maximumRequestBytes));
      }
      return bytes;
    },
  };
}
