import { assert } from '../../base/assert.ts';

const pageSizeBytes = 262_144;
const pageSizeMinBytes = 1024;

/**
 * Bytes of one file in pages, so that a file of a gigabyte grows without one being copied.
 * The first page doubles until it has `pageSizeBytes`, so that small files stay small; all others have it at once.
 */
export class PagedBytes {
  readonly #pages: Uint8Array[] = [];
  #sizeBytes = 0;
  #allocatedBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Memory held, at least `sizeBytes`. */
  get allocatedBytes(): number {
    return this.#allocatedBytes;
  }

  /** What `allocatedBytes` becomes when the file grows to `sizeBytes`. */
  allocationFor(sizeBytes: number): number {
    if (sizeBytes <= this.#allocatedBytes) return this.#allocatedBytes;
    const full = Math.floor(sizeBytes / pageSizeBytes) * pageSizeBytes;
    const rest = sizeBytes - full;
    if (rest === 0) return full;
    return full === 0 ? pageLengthFor(rest) : full + pageSizeBytes;
  }

  read(position: number, length: number): Uint8Array {
    assert(0 <= position && 0 <= length, 'a read has a position and a length');
    const end = Math.min(this.#sizeBytes, position + length);
    if (end <= position) return new Uint8Array(0);
    const result = new Uint8Array(end - position);
    for (let at = position; at < end; ) {
      const inPage = at % pageSizeBytes;
      const take = Math.min(end - at, pageSizeBytes - inPage);
      result.set(this.#page(at).subarray(inPage, inPage + take), at - position);
      at += take;
    }
    return result;
  }

  write(position: number, bytes: Uint8Array): void {
    assert(0 <= position && position <= this.#sizeBytes, 'a write leaves no hole');
    const end = position + bytes.length;
    this.#grow(end);
    for (let at = position; at < end; ) {
      const inPage = at % pageSizeBytes;
      const take = Math.min(end - at, pageSizeBytes - inPage);
      const from = at - position;
      this.#page(at).set(take === bytes.length ? bytes : bytes.subarray(from, from + take), inPage);
      at += take;
    }
    this.#sizeBytes = Math.max(this.#sizeBytes, end);
  }

  truncate(sizeBytes: number): void {
    assert(0 <= sizeBytes, 'a size is never negative');
    if (this.#sizeBytes < sizeBytes) this.#grow(sizeBytes);
    else this.#shrink(sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  clone(): PagedBytes {
    const copy = new PagedBytes();
    for (const page of this.#pages) copy.#pages.push(page.slice());
    copy.#sizeBytes = this.#sizeBytes;
    copy.#allocatedBytes = this.#allocatedBytes;
    return copy;
  }

  #page(position: number): Uint8Array {
    const page = this.#pages[Math.floor(position / pageSizeBytes)];
    assert(page !== undefined, 'every byte of a file has its page');
    return page;
  }

  #grow(sizeBytes: number): void {
    if (sizeBytes <= this.#allocatedBytes) return;
    const allocation = this.allocationFor(sizeBytes);
    const last = this.#pages.at(-1);
    if (last !== undefined && last.length < pageSizeBytes) {
      const start = (this.#pages.length - 1) * pageSizeBytes;
      const longer = new Uint8Array(Math.min(pageSizeBytes, allocation - start));
      longer.set(last);
      this.#pages[this.#pages.length - 1] = longer;
    }
    for (
      let start = this.#pages.length * pageSizeBytes;
      start < allocation;
      start += pageSizeBytes
    ) {
      this.#pages.push(new Uint8Array(Math.min(pageSizeBytes, allocation - start)));
    }
    this.#allocatedBytes = allocation;
  }

  /** Frees whole pages and zeroes the rest, so that a later growth shows zeros. */
  #shrink(sizeBytes: number): void {
    const pages = Math.ceil(sizeBytes / pageSizeBytes);
    if (pages < this.#pages.length) this.#pages.length = pages;
    const last = this.#pages.at(-1);
    if (last === undefined) {
      this.#allocatedBytes = 0;
      return;
    }
    const start = (pages - 1) * pageSizeBytes;
    last.fill(0, sizeBytes - start);
    this.#allocatedBytes = start + last.length;
  }
}

function pageLengthFor(length: number): number {
  let page = pageSizeMinBytes;
  while (page < length) page *= 2;
  return page;
}
