import type { Clock } from '../base/clock.ts';
import type { FileSystem } from '../base/file-system.ts';
import { logFileName } from './log-file-names.ts';
import type { LogSegment } from './log-segment.ts';

interface Deleted {
  readonly segment: LogSegment;
  readonly paths: readonly string[];
  readonly sinceMs: number;
}

/** Segments that left the log: renamed to `.deleted` at once, removed after `file.delete.delay.ms`, so that readers end well. */
export class SegmentDeleter {
  readonly #files: FileSystem;
  readonly #clock: Clock;
  #deleted: Deleted[] = [];

  constructor(files: FileSystem, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  async add(segment: LogSegment, folder: string): Promise<void> {
    const paths = await segment.markDeleted(this.#files, folder);
    await this.#files.remove(`${folder}/${logFileName(segment.baseOffset, '.snapshot')}`);
    this.#deleted.push({ segment, paths, sinceMs: this.#clock.monotonicMs() });
  }

  async removeDue(delayMs: number): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const due = this.#deleted.filter(({ sinceMs }) => delayMs <= nowMs - sinceMs);
    if (due.length === 0) return;
    this.#deleted = this.#deleted.filter((deleted) => !due.includes(deleted));
    for (const { segment, paths } of due) {
      await segment.abandon();
      for (const path of paths) await this.#files.remove(path);
    }
  }

  removeAll(): Promise<void> {
    return this.removeDue(0);
  }

  async abandon(): Promise<void> {
    const all = this.#deleted.splice(0);
    for (const { segment } of all) await segment.abandon();
  }
}
