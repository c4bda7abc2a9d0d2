export interface RecentRead {
  readonly startOffset: number;
  readonly maxBytes: number;
  readonly upTo: number;
  readonly minOneMessage: boolean;
}

interface AppendedOffsets {
  readonly firstOffset: number;
  readonly lastOffset: number;
}

interface Entry {
  readonly baseOffset: number;
  readonly nextOffset: number;
  /** Null once it was given up for newer ones. */
  bytes: Uint8Array | null;
}

/** What a process spends on keeping recent appends in memory, all logs together; the oldest go first. */
export class RecentAppendsBudget {
  readonly #bytesMax: number;
  #entries: Entry[] = [];
  #head = 0;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes?.byteLength ?? 0;
    while (this.#bytesMax < this.#bytes) {
      const oldest = this.#entries[this.#head];
      if (oldest === undefined) break;
      this.#head += 1;
      this.drop(oldest);
    }
    if (1_024 < this.#head && this.#entries.length < 2 * this.#head) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  drop(entry: Entry): void {
    this.#bytes -= entry.bytes?.byteLength ?? 0;
    entry.bytes = null;
  }
}

const entriesMax = 512;

/**
 * The last appends of one log, as they came from the network. Followers and consumers at the end of a log read
 * these: no file is asked, no turn of the event loop goes by, and a single batch is not even copied.
 */
export class RecentAppends {
  readonly #budget: RecentAppendsBudget;
  #entries: Entry[] = [];

  constructor(budget: RecentAppendsBudget) {
    this.#budget = budget;
  }

  /** `bytes` are batches from `firstOffset` to `lastOffset`, and nobody changes them any more. */
  add(bytes: Uint8Array, { firstOffset: baseOffset, lastOffset }: AppendedOffsets): void {
    const nextOffset = lastOffset + 1;
    const entry: Entry = { baseOffset, nextOffset, bytes };
    const entries = this.#entries;
    const last = entries.at(-1);
    if (last !== undefined && (last.nextOffset !== baseOffset || last.bytes === null)) this.clear();
    this.#entries.push(entry);
    this.#budget.add(entry);
    if (entriesMax < this.#entries.length) {
      for (const old of this.#entries.splice(0, entriesMax / 2)) this.#budget.drop(old);
    }
  }

  clear(): void {
    for (const entry of this.#entries) this.#budget.drop(entry);
    this.#entries = [];
  }

  /** Undefined when they do not reach back to `startOffset`; the file has to be read then. */
  read({ startOffset, maxBytes, upTo, minOneMessage }: RecentRead): Uint8Array | undefined {
    const from = this.#find(startOffset);
    if (from < 0) return undefined;
    let bytes = 0;
    let to = from;
    for (; to < this.#entries.length; to++) {
      const entry = this.#entries[to];
      if (entry === undefined || entry.bytes === null || upTo < entry.nextOffset) break;
      const isTooMuch = maxBytes < bytes + entry.bytes.byteLength;
      if (isTooMuch && !(minOneMessage && to === from)) break;
      bytes += entry.bytes.byteLength;
      if (isTooMuch) {
        to += 1;
        break;
      }
    }
    return to === from ? undefined : joined(this.#entries.slice(from, to), bytes);
  }

  /** Only where an append began: what is within one is left to the file. */
  #find(startOffset: number): number {
    const entries = this.#entries;
    let low = 0;
    let high = entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const entry = entries[middle];
      if (entry === undefined) return -1;
      if (entry.baseOffset === startOffset) return entry.bytes === null ? -1 : middle;
      if (entry.baseOffset < startOffset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

function joined(entries: readonly Entry[], sizeBytes: number): Uint8Array {
  const [first] = entries;
  if (entries.length === 1 && first?.bytes) {
    // A chunk that spans its whole buffer may be transferred to the peer, and would be gone for the next reader.
    const isWhole = first.bytes.byteLength === first.bytes.buffer.byteLength;
    return isWhole ? first.bytes.slice() : first.bytes;
  }
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const entry of entries) {
    if (entry.bytes === null) continue;
    bytes.set(entry.bytes, at);
    at += entry.bytes.byteLength;
  }
  return bytes;
}
