import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import { type Scheduler, sleep } from '../base/scheduler.ts';
import { type Controller, ControllerError } from '../controller/controller.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import type { BrokerRegistrationRequest } from '../protocol/schemas/62-broker-registration.ts';
import type { BrokerHeartbeatResponse } from '../protocol/schemas/63-broker-heartbeat.ts';
import { StartupError } from './startup-error.ts';

export interface BrokerLifecycleOptions {
  readonly brokerId: number;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  /** `broker.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `initial.broker.registration.timeout.ms`: without a registration until then the broker gives up. */
  readonly registrationTimeoutMs: number;
  /** Ids of log dirs that have failed. */
  readonly offlineLogDirs?: () => readonly string[];
  /** How long a broker that goes waits for the controller's leave. */
  readonly shutdownTimeoutMs: number;
}

const retryMsMin = 100;
/** Longer than an election takes with Kafka's timeouts. */
const aloneMsMax = 2_000;

/** Registers the broker, keeps it alive with heartbeats, and takes its leave (Kafka's `BrokerLifecycleManager`). */
export class BrokerLifecycle implements Disposable {
  readonly #options: BrokerLifecycleOptions;
  /** No more heartbeats: `stop` or `dispose`. */
  readonly #ending = new AbortController();
  /** The controller's leave is not waited for any more. */
  readonly #gone = new AbortController();
  readonly #brokerId: number;
  #brokerEpoch = -1;
  #timer: Disposable | undefined;
  #hasRun = false;

  constructor(options: BrokerLifecycleOptions) {
    this.#options = options;
    this.#brokerId = options.brokerId;
  }

  /** -1 before registration. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /**
   * Waits until this node has caught up with the metadata, as long as it would try to register: Kafka does
   * both at once. Rejects with StartupError.
   */
  async await(caughtUp: Promise<void>): Promise<void> {
    const { scheduler, registrationTimeoutMs } = this.#options;
    let timer: Disposable | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = scheduler.after(registrationTimeoutMs, () => resolve(true));
    });
    const isLate = await Promise.race([caughtUp.then(() => false), timeout]);
    timer?.dispose();
    if (isLate && !this.#isEnding) throw this.#giveUp();
  }

  /**
   * Registers and waits until the controller lets clients see this broker, or until `stop`. Rejects with
   * StartupError.
   */
  async start(registration: BrokerRegistrationRequest): Promise<void> {
    this.#log(
      `Incarnation ${registration.incarnationId} of broker ${registration.brokerId} in cluster ${registration.clusterId} is now STARTING.`,
    );
    await this.#register(registration);
    this.#log('The broker has caught up. Transitioning from STARTING to RECOVERY.');
    await this.#unfence();
    if (this.#isEnding) return;
    this.#log('The broker has been unfenced. Transitioning from RECOVERY to RUNNING.');
    this.#schedule();
  }

  /**
   * Asks the controller for leave to go: it moves leadership away first. Resolves early on `dispose`; rejects with
   * FileError when this node is the controller and its log fails.
   */
  async stop(): Promise<void> {
    if (this.#isEnding) return;
    this.#endHeartbeats();
    if (!this.#hasRun) return;
    this.#log('Beginning controlled shutdown.');
    const { signal } = this.#gone;
    const isReleased = await Promise.race([this.#untilReleased(signal), this.#untilAlone(signal)]);
    this.#gone.abort();
    this.#log(
      isReleased
        ? 'The controller has asked us to exit controlled shutdown.'
        : 'The controller has not answered; shutting down without its leave.',
    );
  }

  dispose(): void {
    this.#gone.abort();
    this.#endHeartbeats();
  }

  #endHeartbeats(): void {
    this.#ending.abort();
    this.#timer?.dispose();
  }

  /** False when it took too long. */
  async #untilReleased(signal: AbortSignal): Promise<boolean> {
    const { clock, scheduler, shutdownTimeoutMs } = this.#options;
    const deadlineMs = clock.monotonicMs() + shutdownTimeoutMs;
    while (!signal.aborted && clock.monotonicMs() < deadlineMs) {
      const response = await this.#tryHeartbeat(true);
      if (response?.shouldShutDown) return true;
      await sleep(scheduler, retryMsMin, signal);
    }
    return false;
  }

  /** False as soon as no controller has been known for a while: without a quorum nobody gives leave. */
  async #untilAlone(signal: AbortSignal): Promise<boolean> {
    const { clock, scheduler, controller } = this.#options;
    let knownAtMs = clock.monotonicMs();
    while (!signal.aborted && clock.monotonicMs() < knownAtMs + aloneMsMax) {
      await sleep(scheduler, retryMsMin, signal);
      if (controller.activeControllerId !== undefined) knownAtMs = clock.monotonicMs();
    }
    return false;
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  async #register(registration: BrokerRegistrationRequest): Promise<void> {
    const { clock, scheduler, registrationTimeoutMs } = this.#options;
    const deadlineMs = clock.monotonicMs() + registrationTimeoutMs;
    for (let retryMs = retryMsMin; !this.#isEnding; retryMs = this.#longer(retryMs)) {
      const refusal = await this.#tryRegister(registration);
      if (refusal === undefined) return;
      this.#log(refusal);
      if (deadlineMs <= clock.monotonicMs()) {
        throw this.#giveUp();
      }
      await sleep(scheduler, retryMs, this.#ending.signal);
    }
  }

  #giveUp(): StartupError {
    const message = 'Shutting down because we were unable to register with the controller quorum.';
    this.#log(message, 'ERROR');
    return new StartupError(
      'Received a fatal error while waiting for the controller to acknowledge that we are caught up',
      undefined,
      new StartupError('', 'java.util.concurrent.CancellationException'),
    );
  }

  /** Twice as long each time, as in Kafka, but never so long that a session ends unnoticed for longer than a heartbeat. */
  #longer(retryMs: number): number {
    return Math.min(2 * retryMs, this.#options.heartbeatIntervalMs);
  }

  /** Undefined when the broker is registered. */
  async #tryRegister(registration: BrokerRegistrationRequest): Promise<string | undefined> {
    const { controller } = this.#options;
    const id = registration.brokerId;
    try {
      const { errorCode, brokerEpoch } = await controller.registerBroker(registration);
      if (errorCode !== 0) {
        return `Unable to register broker ${id} because the controller returned error ${errorNameOf(errorCode)}`;
      }
      this.#brokerEpoch = brokerEpoch;
      this.#log(`Successfully registered broker ${id} with broker epoch ${brokerEpoch}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error;
      return 'Unable to register the broker because the RPC got timed out before it could be sent.';
    }
  }

  async #unfence(): Promise<void> {
    const { scheduler } = this.#options;
    while (!this.#isEnding) {
      const response = await this.#tryHeartbeat(false);
      if (response?.errorCode === 0) this.#hasRun = true;
      if (response?.errorCode === 0 && !response.isFenced) return;
      await sleep(scheduler, retryMsMin, this.#ending.signal);
    }
  }

  /** Undefined when there was no answer. */
  async #tryHeartbeat(wantShutDown: boolean): Promise<BrokerHeartbeatResponse | undefined> {
    const { controller } = this.#options;
    try {
      const response = await controller.heartbeat({
        brokerId: this.#brokerId,
        brokerEpoch: this.#brokerEpoch,
        currentMetadataOffset: controller.image.provenance.offset,
        wantFence: false,
        wantShutDown,
        offlineLogDirs: [...(this.#options.offlineLogDirs?.() ?? [])],
      });
      if (response.errorCode !== 0) {
        this.#log(
          `Broker ${this.#brokerId} sent a heartbeat request but received error ${errorNameOf(response.errorCode)}.`,
        );
      }
      return response;
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error;
      this.#log(`Unable to send a heartbeat: ${error.message}`);
      return undefined;
    }
  }

  #schedule(): void {
    if (this.#isEnding) return;
    const { scheduler, heartbeatIntervalMs } = this.#options;
    this.#timer = scheduler.after(heartbeatIntervalMs, () => {
      const again = () => this.#schedule();
      this.#tryHeartbeat(false).then(again, again);
    });
  }

  #log(message: string, level: LogLevel = 'INFO'): void {
    const source = 'kafka.server.BrokerLifecycleManager';
    this.#options.logger.log(
      level,
      source,
      `[BrokerLifecycleManager id=${this.#brokerId}] ${message}`,
    );
  }
}
