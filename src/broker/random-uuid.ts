import type { Random } from '../base/random.ts';
import { uuidFromRandomBytes } from '../protocol/uuid.ts';

/** A random uuid as Kafka makes them; the few that it avoids are drawn again. */
export function randomUuid(random: Random): string {
  for (;;) {
    const uuid = uuidFromRandomBytes(random.bytes(16));
    if (uuid !== undefined) return uuid;
  }
}
