import type { Disposable } from '../../base/disposable.ts';
import { NetworkError, type SocketAddress } from '../../base/network.ts';
import { sleep } from '../../base/scheduler.ts';
import {
  DisconnectedError,
  TimeoutError,
  UnsupportedVersionError,
} from '../../client/client-errors.ts';
import type { ClientPorts } from '../../client/client-ports.ts';
import { ControllerError } from '../../controller/controller.ts';
import type { LeaderAndEpoch } from '../../raft/raft-listener.ts';
import { NodeChannel } from './node-channel.ts';

export interface ControllerChannelOptions {
  readonly nodeId: number;
  readonly clientId: string;
  /** Who leads the metadata quorum, as far as this node knows. */
  readonly leader: () => LeaderAndEpoch;
  /** A voter's controller listener. */
  readonly addressOf: (nodeId: number) => SocketAddress | undefined;
  /** For one request; `ask` may send several. */
  readonly requestTimeoutMs: number;
}

/** One request to whoever is the active controller. Both reject with ControllerError NOT_CONTROLLER to be asked again. */
export interface ControllerRequest<R> {
  /** Kafka's name of the API, for messages. */
  readonly name: string;
  /** Decides here: this node leads the quorum. */
  local(): Promise<R>;
  remote(channel: NodeChannel, timeoutMs: number): Promise<R>;
}

/** Between two tries, and between two looks at who leads while an answer is waited for. */
const retryMs = 50;

/**
 * The way to the active controller, here or on another node (`NodeToControllerChannelManager`): a request is
 * sent again after a lost connection, a NOT_CONTROLLER, or a change of leaders, until its time is over. So a
 * request whose answer was lost may be carried out twice, as in Kafka.
 */
export class ControllerChannel implements Disposable {
  readonly #ports: ClientPorts;
  readonly #options: ControllerChannelOptions;
  readonly #channels = new Map<number, NodeChannel>();
  #isDisposed = false;

  constructor(ports: ClientPorts, options: ControllerChannelOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /** Rejects with ControllerError: REQUEST_TIMED_OUT, UNSUPPORTED_VERSION, or what the controller refused with. */
  async ask<R>(request: ControllerRequest<R>, timeoutMs: number): Promise<R> {
    const { clock, scheduler } = this.#ports;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    for (;;) {
      if (this.#isDisposed) throw new ControllerError('NOT_CONTROLLER', 'The node is going down.');
      const answer = await this.#attempt(request, deadlineMs);
      if (answer !== undefined) return answer.value;
      if (deadlineMs <= clock.monotonicMs()) {
        const message = `The request ${request.name} was not able to be sent to the active controller before its timeout.`;
        throw new ControllerError('REQUEST_TIMED_OUT', message);
      }
      await sleep(scheduler, retryMs);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }

  /** Undefined when it is to be tried again. */
  async #attempt<R>(
    request: ControllerRequest<R>,
    deadlineMs: number,
  ): Promise<{ readonly value: R } | undefined> {
    const { leaderId } = this.#options.leader();
    if (leaderId === undefined) return undefined;
    try {
      if (leaderId === this.#options.nodeId) return { value: await request.local() };
      return { value: await this.#remote(leaderId, request, deadlineMs) };
    } catch (error) {
      if (isWorthAnotherTry(error)) return undefined;
      throw error instanceof UnsupportedVersionError ? unsupported(error) : error;
    }
  }

  /** A leader that is cut off may never answer: who waits for it hears of it when there is a new one. */
  #remote<R>(leaderId: number, request: ControllerRequest<R>, deadlineMs: number): Promise<R> {
    const { clock } = this.#ports;
    const remainingMs = Math.max(1, deadlineMs - clock.monotonicMs());
    const timeoutMs = Math.min(this.#options.requestTimeoutMs, remainingMs);
    return new Promise((resolve, reject) => {
      const watch = this.#untilLeaderChanges(leaderId, () => {
        this.#channels.get(leaderId)?.reset();
        reject(new DisconnectedError(`node ${leaderId} does not lead the quorum any more`));
      });
      request
        .remote(this.#channelTo(leaderId), timeoutMs)
        .finally(() => watch.dispose())
        .then(resolve, reject);
    });
  }

  #untilLeaderChanges(leaderId: number, callback: () => void): Disposable {
    const { scheduler } = this.#ports;
    const look = () => {
      if (this.#options.leader().leaderId === leaderId && !this.#isDisposed) {
        timer = scheduler.after(retryMs, look);
      } else callback();
    };
    let timer = scheduler.after(retryMs, look);
    return { dispose: () => timer.dispose() };
  }

  #channelTo(nodeId: number): NodeChannel {
    const known = this.#channels.get(nodeId);
    if (known !== undefined) return known;
    const { addressOf, clientId, requestTimeoutMs } = this.#options;
    const channel = new NodeChannel(this.#ports, {
      address: () => addressOf(nodeId),
      clientId,
      requestTimeoutMs,
    });
    this.#channels.set(nodeId, channel);
    return channel;
  }
}

function unsupported({ message }: UnsupportedVersionError): ControllerError {
  return new ControllerError('UNSUPPORTED_VERSION', message);
}

function isWorthAnotherTry(error: unknown): boolean {
  if (error instanceof ControllerError) return error.errorCode === 'NOT_CONTROLLER';
  return (
    error instanceof NetworkError ||
    error instanceof DisconnectedError ||
    error instanceof TimeoutError
  );
}
