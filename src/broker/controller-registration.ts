import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { type Scheduler, sleep } from '../base/scheduler.ts';
import { type Controller, ControllerError } from '../controller/controller.ts';
import { type MetadataImage, metadataVersionOf } from '../controller/metadata-image.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import type { ControllerRegistrationRequest } from '../protocol/schemas/70-controller-registration.ts';

export interface ControllerRegistrationPorts {
  /** The active controller, wherever it is. */
  readonly controller: Controller;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
}

/** 3.7-IV0, the first level with RegisterControllerRecord (KIP-919). */
const registrationLevel = 15;
const retryMsMin = 100;
const retryMsMax = 60_000;

/** Lets the active controller know of this controller's process (Kafka's `ControllerRegistrationManager`). */
export class ControllerRegistration implements Disposable {
  readonly #ports: ControllerRegistrationPorts;
  readonly #request: ControllerRegistrationRequest;
  readonly #listening: Disposable;
  readonly #ending = new AbortController();
  #isSending = false;
  /** How often another process with this id has taken this one's place. */
  #displacements = 0;
  #isRegistered = false;

  constructor(ports: ControllerRegistrationPorts, request: ControllerRegistrationRequest) {
    this.#ports = ports;
    this.#request = request;
    this.#listening = ports.controller.onImage((image) => {
      const { controllerId, incarnationId } = this.#request;
      const registered = image.controllers.get(controllerId)?.incarnationId;
      if (registered === incarnationId) this.#isRegistered = true;
      if (this.#isNeeded(image)) this.#send(registered);
    });
  }

  dispose(): void {
    this.#ending.abort();
    this.#listening.dispose();
  }

  #isNeeded(image: MetadataImage): boolean {
    const { controllerId, incarnationId } = this.#request;
    if (image.features.size === 0 || metadataVersionOf(image) < registrationLevel) return false;
    return image.controllers.get(controllerId)?.incarnationId !== incarnationId;
  }

  #send(registered: string | undefined): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#afterDisplacement(registered)
      .then(() => this.#untilRegistered())
      .then(
        () => {
          this.#isSending = false;
        },
        (error: unknown) => {
          this.#isSending = false;
          this.#log('ERROR', 'The registration failed', error);
        },
      );
  }

  /** Two processes with one id would displace each other as fast as the log takes it: each waits longer each time. */
  async #afterDisplacement(registered: string | undefined): Promise<void> {
    if (!this.#isRegistered) return;
    this.#isRegistered = false;
    const waitMs = Math.min(retryMsMin * 2 ** this.#displacements, retryMsMax);
    this.#displacements += 1;
    this.#log(
      'ERROR',
      `Incarnation ${registered} has registered with the id of this controller. Does another node have the same node.id?`,
    );
    await sleep(this.#ports.scheduler, waitMs, this.#ending.signal);
  }

  async #untilRegistered(): Promise<void> {
    const { controller, scheduler } = this.#ports;
    for (let retryMs = retryMsMin; !this.#ending.signal.aborted; retryMs *= 2) {
      const problem = await this.#problem();
      if (problem === undefined) {
        this.#log('INFO', 'RPC to register this controller succeeded.');
        return;
      }
      this.#log('ERROR', problem);
      await sleep(scheduler, Math.min(retryMs, retryMsMax), this.#ending.signal);
      if (!this.#isNeeded(controller.image)) return;
    }
  }

  async #problem(): Promise<string | undefined> {
    try {
      const { errorCode } = await this.#ports.controller.registerController(this.#request);
      if (errorCode === 0) return undefined;
      return `The controller returned ${errorNameOf(errorCode)} to the registration request.`;
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error;
      return 'RegistrationResponseHandler: channel manager timed out before sending the request.';
    }
  }

  #log(level: 'INFO' | 'ERROR', message: string, error?: unknown): void {
    const { controllerId, incarnationId } = this.#request;
    this.#ports.logger.log(
      level,
      'kafka.server.ControllerRegistrationManager',
      `[ControllerRegistrationManager id=${controllerId} incarnation=${incarnationId}] ${message}`,
      error,
    );
  }
}
