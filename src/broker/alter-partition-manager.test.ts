import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { ControllerError } from '../controller/controller.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from '../protocol/schemas/56-alter-partition.ts';
import { AlterPartitionManager } from './alter-partition-manager.ts';
import type { IsrState } from './isr-state.ts';
import type { IsrAnswer, IsrOwner } from './partition-types.ts';

type Answer = ErrorCode | { readonly whole: ErrorCode } | ControllerError;

/** Partitions that propose [1, 2], and a controller that answers what the test says, each request in its turn. */
class Lab {
  readonly scheduler = new VirtualScheduler(new VirtualClock());
  /** Which partitions each request was about. */
  readonly requests: number[][] = [];
  readonly answered: string[] = [];
  readonly #answers: ((answer: Answer) => void)[] = [];
  readonly #manager = new AlterPartitionManager({
    controller: { alterPartition: (request) => this.#ask(request) },
    scheduler: this.scheduler,
    logger: silentLogger,
    nodeId: 1,
    brokerEpoch: () => 7,
  });

  propose(partitionIndex: number): { isrState: IsrState } {
    const committed = { isr: [1], leaderRecoveryState: 0, partitionEpoch: 0 };
    const owner = {
      topic: 'orders',
      topicId: 'MkU3OEVBNTcwNTJENDM2Qg',
      partitionIndex,
      name: `orders-${partitionIndex}`,
      isLeader: true,
      isrState: { kind: 'pending-expand', committed, proposedIsr: [1, 2] } as IsrState,
      onIsrAnswer: (_proposed: IsrState, { kind }: IsrAnswer) => {
        this.answered.push(`${partitionIndex} ${kind}`);
      },
      retryIsr: () => undefined,
    } satisfies IsrOwner;
    const isr = [1, 2].map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
    const epochs = { leaderEpoch: 0, partitionEpoch: 0, leaderRecoveryState: 0 };
    this.#manager.submit(owner, { ...epochs, isr });
    return owner;
  }

  async answer(answer: Answer): Promise<void> {
    this.#answers.shift()?.(answer);
    await this.settle();
  }

  settle(): Promise<void> {
    return this.scheduler.advance(0);
  }

  #ask(request: AlterPartitionRequest): Promise<AlterPartitionResponse> {
    const partitions = request.topics.flatMap((topic) => topic.partitions);
    this.requests.push(partitions.map(({ partitionIndex }) => partitionIndex));
    return new Promise((resolve, reject) => {
      this.#answers.push((answer) => {
        if (answer instanceof ControllerError) reject(answer);
        else resolve(responseTo(request, answer));
      });
    });
  }
}

function responseTo(
  request: AlterPartitionRequest,
  answer: ErrorCode | { readonly whole: ErrorCode },
): AlterPartitionResponse {
  const isWhole = typeof answer === 'object';
  const errorCode = errorCodeOf(isWhole ? answer.whole : answer);
  const topics = request.topics.map(({ topicId, topicName, partitions }) => ({
    topicId,
    topicName,
    partitions: partitions.map(({ partitionIndex }, i) => ({
      partitionIndex,
      // What is wrong is wrong with the first one only.
      errorCode: i === 0 ? errorCode : 0,
      leaderId: 1,
      leaderEpoch: 0,
      isr: [1, 2],
      leaderRecoveryState: 0,
      partitionEpoch: 1,
    })),
  }));
  return { throttleTimeMs: 0, errorCode: isWhole ? errorCode : 0, topics: isWhole ? [] : topics };
}

test('what is proposed while a request is under way goes together in the next one', async () => {
  const it = new Lab();
  it.propose(0);
  it.propose(1);
  await it.settle();
  for (const index of [2, 3]) it.propose(index);
  await it.settle();
  expect(it.requests).toEqual([[0, 1]]);
  await it.answer('NONE');
  expect(it.requests).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(it.answered).toEqual(['0 changed', '1 changed']);
});

test.for([{ whole: 'STALE_BROKER_EPOCH' }, 'UNKNOWN_SERVER_ERROR', undefined] as const)(
  'what the controller could not decide is asked again 50 ms later: %s',
  async (answer) => {
    const it = new Lab();
    it.propose(0);
    await it.settle();
    await it.answer(answer ?? new ControllerError('REQUEST_TIMED_OUT', 'no controller'));
    await it.scheduler.advance(49);
    expect(it.requests).toHaveLength(1);
    await it.scheduler.advance(1);
    expect(it.requests).toEqual([[0], [0]]);
    await it.answer('NONE');
    expect(it.answered).toEqual(['0 changed']);
  },
);

test('only those that were not decided are asked again', async () => {
  const it = new Lab();
  for (const index of [0, 1]) it.propose(index);
  await it.settle();
  await it.answer('UNKNOWN_SERVER_ERROR');
  await it.scheduler.advance(50);
  expect(it.requests).toEqual([[0, 1], [0]]);
  expect(it.answered).toEqual(['1 changed']);
});

test.for([
  ['INELIGIBLE_REPLICA', 'refused'],
  ['OPERATION_NOT_ATTEMPTED', 'refused'],
  ['FENCED_LEADER_EPOCH', 'outdated'],
  ['INVALID_UPDATE_VERSION', 'outdated'],
  ['INVALID_REQUEST', 'outdated'],
  ['NEW_LEADER_ELECTED', 'outdated'],
  ['UNKNOWN_TOPIC_ID', 'outdated'],
] as const)('%s is an answer: %s', async ([error, kind]) => {
  const it = new Lab();
  it.propose(0);
  await it.settle();
  await it.answer(error);
  await it.scheduler.advance(1_000);
  expect(it.answered).toEqual([`0 ${kind}`]);
  expect(it.requests).toHaveLength(1);
});

test('what an image has overtaken meanwhile is not asked again', async () => {
  const it = new Lab();
  const owner = it.propose(0);
  await it.settle();
  await it.answer({ whole: 'NOT_CONTROLLER' });
  owner.isrState = { kind: 'committed', committed: owner.isrState.committed };
  await it.scheduler.advance(1_000);
  expect(it.requests).toHaveLength(1);
});
