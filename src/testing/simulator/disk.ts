import type { Clock } from '../../base/clock.ts';
import { type Random, randomBelow } from '../../base/random.ts';
import { type Scheduler, sleep } from '../../base/scheduler.ts';
import { MemoryFileSystem } from '../../host/virtual/memory-file-system.ts';

/** Room for a few more batches, and then no more. */
const ROOM_LEFT_BYTES = 2048;

/** A machine's disk: it may be slow, full, and lose power. */
export class Disk {
  readonly files: MemoryFileSystem;
  /** Each flush takes up to this long. */
  flushMsMax = 0;
  /** Whether it was full since the process was started: then the process may give up. */
  hasBeenFull = false;

  constructor(clock: Clock, scheduler: Scheduler, random: Random) {
    this.files = new MemoryFileSystem({
      clock,
      canCrash: true,
      flushTime: () =>
        this.flushMsMax === 0
          ? undefined
          : sleep(scheduler, 1 + randomBelow(random, this.flushMsMax)),
    });
  }

  fill(): void {
    this.hasBeenFull = true;
    this.files.capacityBytes = this.files.usedBytes + ROOM_LEFT_BYTES;
  }

  makeRoom(): void {
    this.files.capacityBytes = Number.POSITIVE_INFINITY;
  }
}
