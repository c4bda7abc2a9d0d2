import type { RaftResponse } from './quorum-types.ts';

/** Of other replicas and administrators, not answered yet. */
const REQUESTS_MAX = 1000;

/** Requests that wait for the effect that answers them. */
export class RaftResponders {
  readonly #waiting = new Map<number, (response: RaftResponse) => void>();
  #lastRequestId = 0;

  get isFull(): boolean {
    return REQUESTS_MAX <= this.#waiting.size;
  }

  /** The request's id; its promise resolves with `respond`. */
  open(): { readonly requestId: number; readonly response: Promise<RaftResponse> } {
    this.#lastRequestId++;
    const requestId = this.#lastRequestId;
    const response = new Promise<RaftResponse>((resolve) => {
      this.#waiting.set(requestId, resolve);
    });
    return { requestId, response };
  }

  respond(requestId: number, response: RaftResponse): void {
    this.#waiting.get(requestId)?.(response);
    this.#waiting.delete(requestId);
  }

  respondToAll(response: RaftResponse): void {
    for (const requestId of [...this.#waiting.keys()]) this.respond(requestId, response);
  }
}
