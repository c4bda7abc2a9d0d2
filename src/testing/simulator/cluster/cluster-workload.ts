import { type Random, randomBelow } from '../../../base/random.ts';
import { Admin } from '../../../client/admin.ts';
import { ClientError } from '../../../client/client-errors.ts';
import { Consumer } from '../../../client/consumer.ts';
import { PartitionAdmin } from '../../../client/partition-admin.ts';
import { Producer } from '../../../client/producer.ts';
import { addRaftVoter, describeQuorum, removeRaftVoter } from '../../../client/quorum-admin.ts';
import { voterOf } from '../dynamic-voters.ts';
import { workerName } from '../story.ts';
import { type ClusterWorld, orders } from './cluster-world.ts';

const PRODUCERS = 2;
const text = (value: string) => new TextEncoder().encode(value);

/** Clients that write, read and administrate, each on a machine of its own, as the seed says. */
export class ClusterWorkload {
  readonly #world: ClusterWorld;
  readonly #random: Random;
  readonly #admin: Admin;
  readonly #partitions: PartitionAdmin;
  readonly #producers: Producer[] = [];
  #isOn = true;
  #unsettled = 0;
  #operations = 0;
  #topics = 0;
  #voterChanges = 0;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#random = world.random;
    this.#admin = Admin.create(world.client('admin'), {
      ...this.#common(),
      'default.api.timeout.ms': '20000',
    });
    this.#partitions = new PartitionAdmin(this.#admin);
  }

  /** Records whose fate their producers do not know yet. */
  get unsettledCount(): number {
    return this.#unsettled;
  }

  get operationCount(): number {
    return this.#operations;
  }

  /** How many changes of the voters were confirmed. */
  get voterChangeCount(): number {
    return this.#voterChanges;
  }

  createTopic(): Promise<void> {
    const { topic: name, partitionCount } = orders;
    const configs = { 'min.insync.replicas': '2' };
    return this.#admin.createTopic({ name, partitionCount, replicationFactor: 3, configs });
  }

  start(): void {
    for (let id = 1; id <= PRODUCERS; id++) this.#produceOn(id);
    this.#consumeOn().catch((error: unknown) => {
      this.#world.theorems.fault.hasFailed('the consumer', error);
    });
    this.#administrateOn();
  }

  /** No more is sent; what was sent is still waited for. */
  stop(): void {
    this.#isOn = false;
  }

  /** One more record for each partition; resolves when all are acknowledged. */
  async writeOnce(): Promise<void> {
    const producer = new Producer(this.#world.client('last-producer'), this.#producerProperties());
    for (let partition = 0; partition < orders.partitionCount; partition++) {
      await producer.sendAndWait({
        topic: orders.topic,
        partition,
        value: text(`last/${partition}`),
      });
    }
    await producer.close();
  }

  /** All that is in the topic, from its beginning, into the ledger. */
  async readAll(): Promise<void> {
    const { ledger } = this.#world;
    const partitions = Array.from({ length: orders.partitionCount }, (_, partition) => ({
      topic: orders.topic,
      partition,
    }));
    const ends = await this.#admin.listOffsets(
      partitions.map((each) => ({ ...each, timestamp: -1 })),
    );
    const consumer = new Consumer(this.#world.client('last-reader'), {
      ...this.#common(),
      'group.id': 'readers',
    });
    consumer.assign(partitions);
    consumer.seekTo('earliest');
    const isRead = () => ends.every((end) => end.offset <= (consumer.position(end) ?? 0));
    const records = [];
    while (!isRead()) {
      for (const { topic, partition, records: read } of await consumer.poll(1000)) {
        for (const { offset, value } of read) {
          const place = { partition: `${topic}-${partition}`, offset: Number(offset) };
          records.push({ ...place, value: new TextDecoder().decode(value ?? undefined) });
        }
      }
    }
    ledger.readAll(records);
    for (const { topic, partition, offset } of await consumer.committed(partitions)) {
      ledger.readGroup(`${topic}-${partition}`, offset);
    }
    await consumer.close();
  }

  dispose(): void {
    this.#admin.close();
  }

  #common() {
    return { 'bootstrap.servers': this.#world.bootstrap, 'request.timeout.ms': '5000' };
  }

  #producerProperties() {
    const { producer = {} } = this.#world.defects;
    return { ...this.#common(), acks: 'all', 'delivery.timeout.ms': '40000', ...producer };
  }

  #produceOn(id: number): void {
    const world = this.#world;
    const producer = new Producer(world.client(`producer${id}`), this.#producerProperties());
    let sequence = 0;
    const sendNext = () => {
      if (!this.#isOn) return;
      const count = producer.isReady ? 1 + this.#below(3) : 0;
      for (let i = 0; i < count; i++) this.#send(producer, `p${id}/${sequence++}`);
      world.scheduler.after(20 + this.#below(400), sendNext);
    };
    this.#producers.push(producer);
    sendNext();
  }

  #send(producer: Producer, value: string): void {
    const partition = this.#below(orders.partitionCount);
    const sentAtMs = this.#world.clock.monotonicMs();
    this.#unsettled++;
    producer.send({ topic: orders.topic, partition, value: text(value) }, (outcome, index) => {
      this.#unsettled--;
      if (outcome.error !== undefined) return;
      const offset = outcome.baseOffset < 0 ? -1 : outcome.baseOffset + index;
      const place = `${orders.topic}-${partition}`;
      this.#world.ledger.acknowledge(value, { partition: place, offset, sentAtMs });
    });
  }

  /** A group of one member, which commits now and then. */
  async #consumeOn(): Promise<void> {
    const { ledger } = this.#world;
    const consumer = new Consumer(this.#world.client('consumer'), {
      ...this.#common(),
      'group.id': 'readers',
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': 'false',
    });
    let assignments = 0;
    consumer.subscribe([orders.topic], { onAssigned: () => void assignments++ });
    while (this.#isOn) {
      try {
        for (const { topic, partition, records } of await consumer.poll(500)) {
          const place = `${topic}-${partition}`;
          for (const { offset, value } of records) {
            const read = { partition: place, offset: Number(offset) };
            const content = new TextDecoder().decode(value ?? undefined);
            ledger.show(`the consumer in its assignment ${assignments}`, {
              ...read,
              value: content,
            });
          }
        }
        if (this.#below(5) === 0) await this.#commit(consumer);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
      }
    }
    await consumer.close();
  }

  async #commit(consumer: Consumer): Promise<void> {
    const offsets = consumer.assignment.flatMap((each) => {
      const offset = consumer.position(each);
      return offset === undefined ? [] : [{ ...each, offset }];
    });
    await consumer.commit(offsets);
    for (const { topic, partition, offset } of offsets) {
      this.#world.ledger.commitGroup(`${topic}-${partition}`, offset);
    }
  }

  #administrateOn(): void {
    this.#world.scheduler.after(500 + this.#below(3000), () => {
      if (!this.#isOn) return;
      this.#operate().then(
        () => this.#administrateOn(),
        (error: unknown) => {
          this.#administrateOn();
          if (!(error instanceof ClientError)) {
            this.#world.theorems.fault.hasFailed('the administrator', error);
          }
        },
      );
    });
  }

  async #operate(): Promise<void> {
    const partition = this.#below(orders.partitionCount);
    const place = { topic: orders.topic, partition };
    this.#operations++;
    if (this.#world.traits.hasDynamicVoters && this.#below(3) === 0) return this.#changeVoters();
    switch (this.#below(6)) {
      case 0:
        this.#topics++;
        this.#tell(`someone creates the topic churn-${this.#topics}`);
        return this.#admin.createTopic({
          name: `churn-${this.#topics}`,
          partitionCount: 2,
          replicationFactor: 3,
          configs: {},
        });
      case 1:
        if (this.#topics === 0) return;
        this.#tell(`someone deletes the topic churn-${this.#topics}`);
        return this.#admin.deleteTopics([`churn-${this.#topics}`]);
      case 2:
        return this.#admin.alterConfigs({ type: 'topic', name: orders.topic }, [
          { name: 'max.message.bytes', value: `${1_000_000 + this.#operations}` },
        ]);
      case 3:
        this.#tell(`someone asks for the preferred leader of ${orders.topic}-${partition}`);
        await this.#partitions.electLeaders('PREFERRED', [place]);
        return;
      default: {
        const replicas = this.#someReplicas();
        this.#tell(`someone moves ${orders.topic}-${partition} to ${replicas.join(', ')}`);
        await this.#partitions.alterReassignments([{ ...place, replicas }]);
      }
    }
  }

  /** Some node becomes a voter of the metadata quorum, or is one no more (KIP-853). */
  async #changeVoters(): Promise<void> {
    const { nodes } = this.#world;
    const { id, name } = nodes[this.#below(nodes.length)] ?? { id: 1, name: workerName(1) };
    const { currentVoters } = await describeQuorum(this.#admin);
    const { directoryId: voterDirectoryId, endpoints: listeners } = voterOf(id);
    if (currentVoters.some(({ replicaId }) => replicaId === id)) {
      this.#tell(`someone removes ${name} from the voters`);
      await removeRaftVoter(this.#admin, { voterId: id, voterDirectoryId });
    } else {
      this.#tell(`someone adds ${name} to the voters`);
      await addRaftVoter(this.#admin, { voterId: id, voterDirectoryId, listeners });
    }
    this.#voterChanges++;
    this.#tell('the change of the voters is confirmed');
  }

  /** Three nodes in some order. */
  #someReplicas(): readonly number[] {
    const ids = this.#world.nodes.map(({ id }) => id);
    const chosen: number[] = [];
    while (chosen.length < 3) chosen.push(...ids.splice(this.#below(ids.length), 1));
    return chosen;
  }

  #tell(sentence: string): void {
    this.#world.story.tell(sentence);
  }

  #below(bound: number): number {
    return randomBelow(this.#random, bound);
  }
}
