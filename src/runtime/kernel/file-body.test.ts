import { expect, test } from 'vitest';
import { type DiskFile, type DiskPool, GrowingBody, MemoryBudget } from './file-body.ts';

const mebibyte = 1_048_576;

/** A disk in memory. */
class MemoryDisk implements DiskFile {
  readonly #bytes = new Uint8Array(16 * mebibyte);
  read(target: Uint8Array, position: number): void {
    target.set(this.#bytes.subarray(position, position + target.length));
  }
  write(bytes: Uint8Array, position: number): void {
    this.#bytes.set(bytes, position);
  }
  truncate(): void {}
  flush(): void {}
}

class MemoryDisks implements DiskPool {
  readonly taken: MemoryDisk[] = [];
  returned = 0;
  take(): DiskFile {
    const disk = new MemoryDisk();
    this.taken.push(disk);
    return disk;
  }
  giveBack(): void {
    this.returned += 1;
  }
}

function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = i * 31 + seed + (i >>> 11);
  return bytes;
}

test('a log larger than memory moves its beginning to the disk and reads back the same', () => {
  const disks = new MemoryDisks();
  const budget = new MemoryBudget({ limitBytes: 6 * mebibyte, spillAboveBytes: 4 * mebibyte });
  const body = new GrowingBody(budget, disks);
  const whole = pattern(12 * mebibyte + 77, 5);
  for (let at = 0; at < whole.length; at += 70_001) body.write(at, whole.subarray(at, at + 70_001));
  expect(body.sizeBytes).toBe(whole.length);
  expect(budget.usedBytes).toBeLessThanOrEqual(5 * mebibyte);
  for (const at of [0, 100, 7 * mebibyte - 3, 9 * mebibyte + 12_345, whole.length - 10]) {
    expect(Buffer.compare(body.read(at, 300_000), whole.subarray(at, at + 300_000))).toBe(0);
  }
  expect(Buffer.compare(body.read(0, whole.length), whole)).toBe(0);
});

test('what is overwritten or cut off after it has moved is so on the disk', () => {
  const disks = new MemoryDisks();
  const budget = new MemoryBudget({ limitBytes: 6 * mebibyte, spillAboveBytes: 3 * mebibyte });
  const body = new GrowingBody(budget, disks);
  const whole = pattern(8 * mebibyte, 1);
  for (let at = 0; at < whole.length; at += mebibyte / 2) {
    body.write(at, whole.subarray(at, at + mebibyte / 2));
  }
  const patch = pattern(5 * mebibyte, 99);
  body.write(mebibyte, patch);
  whole.set(patch, mebibyte);
  expect(Buffer.compare(body.read(0, whole.length), whole)).toBe(0);
  body.truncate(2 * mebibyte + 5);
  body.write(2 * mebibyte + 5, patch.subarray(0, 1_000));
  whole.set(patch.subarray(0, 1_000), 2 * mebibyte + 5);
  const expected = whole.subarray(0, 2 * mebibyte + 1_005);
  expect(Buffer.compare(body.read(0, 9 * mebibyte), expected)).toBe(0);
  body.release();
  expect([budget.usedBytes, disks.returned]).toEqual([0, 1]);
});

test('without a disk a file that exceeds memory is refused', () => {
  const limits = { limitBytes: 2 * mebibyte, spillAboveBytes: mebibyte };
  const body = new GrowingBody(new MemoryBudget(limits), undefined);
  expect(() => body.write(0, new Uint8Array(3 * mebibyte))).toThrow('No space left on device');
});

test('a hole costs nothing', () => {
  const budget = new MemoryBudget({ limitBytes: mebibyte, spillAboveBytes: mebibyte });
  const body = new GrowingBody(budget, undefined);
  body.truncate(100 * mebibyte);
  expect(body.read(50 * mebibyte, 4)).toEqual(new Uint8Array(4));
  expect(budget.usedBytes).toBe(0);
});
