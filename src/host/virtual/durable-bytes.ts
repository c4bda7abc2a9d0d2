import { type Random, randomBelow } from '../../base/random.ts';
import { PagedBytes } from './paged-bytes.ts';

/** What a flush will have made durable: the bytes up to `from` stay as they were, `tail` follows them. */
interface PendingFlush {
  readonly from: number;
  readonly tail: Uint8Array;
}

/** The part of a file that survives a loss of power: the state at the last flush that was completed. */
export class DurableBytes {
  #bytes = new PagedBytes();
  /** Lowest position that changed since the last flush began. */
  #changedFrom = Number.POSITIVE_INFINITY;
  readonly #pending: PendingFlush[] = [];

  noteChange(position: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, position);
  }

  beginFlush(content: PagedBytes): PendingFlush {
    const from = Math.min(this.#changedFrom, content.sizeBytes);
    const flush = { from, tail: content.read(from, content.sizeBytes - from) };
    this.#changedFrom = Number.POSITIVE_INFINITY;
    this.#pending.push(flush);
    return flush;
  }

  /** A flush that is done has carried with it all that began before it. */
  completeFlush(flush: PendingFlush): void {
    const at = this.#pending.indexOf(flush);
    for (const { from, tail } of this.#pending.splice(0, at + 1)) {
      this.#bytes.truncate(from);
      this.#bytes.write(from, tail);
    }
  }

  /** The file after a loss of power; `luck` may have saved some of what was not flushed. */
  afterCrash(content: PagedBytes, luck: Random | undefined): PagedBytes {
    const survivor = luck === undefined ? this.#bytes : survivorOf(this.#bytes, content, luck);
    this.#bytes = survivor;
    this.#pending.length = 0;
    this.#changedFrom = Number.POSITIVE_INFINITY;
    return survivor.clone();
  }
}

function survivorOf(durable: PagedBytes, content: PagedBytes, luck: Random): PagedBytes {
  const dice = randomBelow(luck, 4);
  if (dice < 2) return durable;
  if (dice === 2 || content.sizeBytes <= durable.sizeBytes) return content;
  // The file grew, and a part of the growth had reached the disk.
  const torn = content.clone();
  torn.truncate(durable.sizeBytes + randomBelow(luck, content.sizeBytes - durable.sizeBytes));
  return torn;
}
