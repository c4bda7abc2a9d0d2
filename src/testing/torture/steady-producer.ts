import { sleep } from '../../base/scheduler.ts';
import { Producer } from '../../client/producer.ts';
import { nodeScheduler } from '../../host/node/node-scheduler.ts';
import { localClientPorts } from '../local-node.ts';

/** How much it sends: `burstRecords` every `pauseMs`. */
export interface Pace {
  readonly burstRecords: number;
  readonly pauseMs: number;
}

const briskPace: Pace = { burstRecords: 20, pauseMs: 5 };

/** Sends `name:0`, `name:1`, … with acks=all, idempotently, until told to stop; knows what was acknowledged. */
export class SteadyProducer {
  readonly acknowledged = new Set<string>();
  readonly failures: string[] = [];
  readonly #name: string;
  readonly #topic: string;
  readonly #producer: Producer;
  readonly #pace: Pace;
  readonly #encoder = new TextEncoder();
  #isStopping = false;
  #sent = 0;

  constructor(name: string, topic: string, bootstrap: string, pace = briskPace) {
    this.#name = name;
    this.#pace = pace;
    this.#topic = topic;
    this.#producer = new Producer(localClientPorts(), {
      'bootstrap.servers': bootstrap,
      acks: 'all',
      'enable.idempotence': 'true',
      'client.id': name,
      // The broker is away for seconds at a time: nothing may give up meanwhile.
      'delivery.timeout.ms': '600000',
      'max.block.ms': '600000',
      'request.timeout.ms': '5000',
      'reconnect.backoff.max.ms': '100',
    });
  }

  async run(): Promise<void> {
    while (!this.#isStopping) {
      for (let index = 0; index < this.#pace.burstRecords; index += 1) this.#sendOne();
      await this.#producer.ready();
      await sleep(nodeScheduler, this.#pace.pauseMs);
    }
    await this.#producer.flush();
    await this.#producer.close();
  }

  stop(): void {
    this.#isStopping = true;
  }

  #sendOne(): void {
    const value = `${this.#name}:${this.#sent}`;
    this.#sent += 1;
    const record = { topic: this.#topic, value: this.#encoder.encode(value) };
    this.#producer.send(record, (outcome) => {
      if (outcome.error === undefined) this.acknowledged.add(value);
      else this.failures.push(`${value}: ${outcome.error.message}`);
    });
  }
}
