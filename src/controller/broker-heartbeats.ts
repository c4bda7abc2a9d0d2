/** What the active controller knows of brokers and does not write down (`BrokerHeartbeatManager`). */
export interface BrokerHeartbeat {
  /** Monotonic milliseconds. */
  readonly lastContactMs: number;
  /** The offset up to which the broker has the metadata; -1 while it has not said so. */
  readonly metadataOffset: number;
  /** Once a broker leaves: the offset that all active brokers must have seen before it may go. */
  readonly controlledShutdownOffset: number | undefined;
}

/** Soft state: lost with the controller, rebuilt from the next heartbeats. */
export class BrokerHeartbeats {
  readonly #byId = new Map<number, BrokerHeartbeat>();

  get(brokerId: number): BrokerHeartbeat | undefined {
    return this.#byId.get(brokerId);
  }

  /** A new controller gives every broker a whole session to be heard from. */
  register(brokerId: number, nowMs: number): void {
    this.#byId.set(brokerId, {
      lastContactMs: nowMs,
      metadataOffset: -1,
      controlledShutdownOffset: undefined,
    });
  }

  touch(brokerId: number, metadataOffset: number, nowMs: number): void {
    const controlledShutdownOffset = this.#byId.get(brokerId)?.controlledShutdownOffset;
    this.#byId.set(brokerId, { lastContactMs: nowMs, metadataOffset, controlledShutdownOffset });
  }

  /** The first offset is kept until the broker is out, or stays. */
  setControlledShutdownOffset(brokerId: number, offset: number | undefined): void {
    const heartbeat = this.#byId.get(brokerId);
    if (heartbeat === undefined) return;
    const controlledShutdownOffset =
      offset === undefined ? undefined : (heartbeat.controlledShutdownOffset ?? offset);
    this.#byId.set(brokerId, { ...heartbeat, controlledShutdownOffset });
  }

  remove(brokerId: number): void {
    this.#byId.delete(brokerId);
  }

  hasValidSession(brokerId: number, sessionTimeoutMs: number, nowMs: number): boolean {
    const heartbeat = this.#byId.get(brokerId);
    return heartbeat !== undefined && nowMs < heartbeat.lastContactMs + sessionTimeoutMs;
  }

  clear(): void {
    this.#byId.clear();
  }
}
