import type { Disposable } from '../../base/disposable.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import { browserClock } from '../../host/browser/browser-clock.ts';
import { observerAddress } from '../observer.ts';
import { wrapPort } from '../port.ts';
import type { PortConnection } from '../process/port-connection.ts';
import { ProcessTap } from './frame-tap.ts';

/** The tapped connections of a process: all but those of the observer, who only looks. */
export class ConnectionTaps implements Disposable {
  readonly #tap: ProcessTap;
  readonly #tapped = new Set<PortConnection>();

  constructor(port: object, scheduler: Scheduler) {
    this.#tap = new ProcessTap(wrapPort(port), browserClock, scheduler);
  }

  add(connection: PortConnection, isFromStart: boolean): void {
    const { number, isClient, remote } = connection;
    if (remote.host === observerAddress) return;
    connection.tap = this.#tap.direction(number, isClient, isFromStart);
    this.#tapped.add(connection);
  }

  remove(connection: PortConnection): void {
    connection.tap = undefined;
    this.#tapped.delete(connection);
  }

  /** The process ends: what it has sent last is told now. */
  flush(): void {
    this.#tap.flush();
  }

  dispose(): void {
    for (const connection of [...this.#tapped]) this.remove(connection);
    this.#tap.dispose();
  }
}
