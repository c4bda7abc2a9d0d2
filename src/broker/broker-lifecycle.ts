import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { type Scheduler, sleep } from '../base/scheduler.ts';
import { type Controller, ControllerError } from '../controller/controller.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import type { BrokerRegistrationRequest } from '../protocol/schemas/62-broker-registration.ts';

export interface BrokerLifecycleOptions {
  readonly controller: Controller;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  /** `broker.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `controlled.shutdown`: how long to wait for the controller's leave to go. */
  readonly shutdownTimeoutMs: number;
}

const retryMs = 100;

/** Registers the broker, keeps it alive with heartbeats, and takes its leave (Kafka's `BrokerLifecycleManager`). */
export class BrokerLifecycle implements Disposable {
  readonly #options: BrokerLifecycleOptions;
  #brokerId = -1;
  #brokerEpoch = -1;
  #timer: Disposable | undefined;
  #isFenced = true;
  #isStopping = false;

  constructor(options: BrokerLifecycleOptions) {
    this.#options = options;
  }

  /** -1 before registration. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /** Registers and waits until the controller lets clients see this broker. Rejects with ControllerError. */
  async start(registration: BrokerRegistrationRequest): Promise<void> {
    this.#brokerId = registration.brokerId;
    this.#log(
      `Incarnation ${registration.incarnationId} of broker ${registration.brokerId} in cluster ${registration.clusterId} is now STARTING.`,
    );
    await this.#register(registration);
    this.#log(
      `Successfully registered broker ${registration.brokerId} with broker epoch ${this.#brokerEpoch}`,
    );
    this.#log('The broker has caught up. Transitioning from STARTING to RECOVERY.');
    while (!this.#isStopping && (await this.#heartbeat(false)).isFenced) {
      await sleep(this.#options.scheduler, retryMs);
    }
    this.#isFenced = false;
    this.#log('The broker has been unfenced. Transitioning from RECOVERY to RUNNING.');
    this.#schedule();
  }

  /** Asks the controller for leave to go: it moves leadership away first. Never rejects. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#timer?.dispose();
    if (this.#isFenced) return;
    const { scheduler, shutdownTimeoutMs } = this.#options;
    this.#log('Beginning controlled shutdown.');
    for (let waitedMs = 0; waitedMs < shutdownTimeoutMs; waitedMs += retryMs) {
      try {
        if ((await this.#heartbeat(true)).shouldShutDown) break;
      } catch (error) {
        if (!(error instanceof ControllerError)) throw error;
        break;
      }
      await sleep(scheduler, retryMs);
    }
    this.#log('The controller has asked us to exit controlled shutdown.');
  }

  dispose(): void {
    this.#isStopping = true;
    this.#timer?.dispose();
  }

  async #register(registration: BrokerRegistrationRequest): Promise<void> {
    const { controller, scheduler } = this.#options;
    for (;;) {
      const { errorCode, brokerEpoch } = await controller.registerBroker(registration);
      const error = errorNameOf(errorCode);
      if (error === 'NONE') {
        this.#brokerEpoch = brokerEpoch;
        return;
      }
      // After a crash the controller may still hold the old process for alive.
      if (error !== 'DUPLICATE_BROKER_REGISTRATION' && error !== 'NOT_CONTROLLER') {
        throw new ControllerError(error, `The broker was not registered: ${error}`);
      }
      await sleep(scheduler, retryMs);
    }
  }

  #heartbeat(wantShutDown: boolean) {
    const { controller } = this.#options;
    return controller.heartbeat({
      brokerId: this.#brokerId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: controller.image.provenance.offset,
      wantFence: false,
      wantShutDown,
      offlineLogDirs: [],
    });
  }

  #schedule(): void {
    const { scheduler, heartbeatIntervalMs } = this.#options;
    this.#timer = scheduler.after(heartbeatIntervalMs, () => {
      this.#heartbeat(false).then(
        () => this.#schedule(),
        (error: unknown) => {
          this.#log(`A heartbeat failed: ${error instanceof Error ? error.message : error}`);
          if (!this.#isStopping) this.#schedule();
        },
      );
    });
  }

  #log(message: string): void {
    const source = 'kafka.server.BrokerLifecycleManager';
    this.#options.logger.log(
      'INFO',
      source,
      `[BrokerLifecycleManager id=${this.#brokerId}] ${message}`,
    );
  }
}
