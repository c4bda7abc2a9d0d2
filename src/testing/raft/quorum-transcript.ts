import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import type {
  ElectionState,
  QuorumEffect,
  QuorumEvent,
  QuorumState,
  RaftRequest,
  RaftResponse,
  VoterChangeMessage,
} from '../../raft/quorum-types.ts';
import {
  encodeDataBatch,
  encodeEpochStart,
  encodeSnapshot,
  encodeVotersBatch,
} from '../../raft/raft-batches.ts';
import { newQuorumState, nextDeadlineMs, stepQuorum } from '../../raft/step-quorum.ts';
import { VoterLog } from '../../raft/voter-log.ts';
import {
  kraftVersions,
  staticVoter,
  type Voter,
  type VoterEndpoint,
} from '../../raft/voter-set.ts';
import { MemoryRaftLog } from './memory-raft-log.ts';
import { controlNames, formatElection, formatRequest, formatVoter } from './transcript-format.ts';

type EventWithoutTime = QuorumEvent extends infer E
  ? E extends { nowMs: number }
    ? Omit<E, 'nowMs'>
    : never
  : never;

interface Replica {
  readonly id: number;
  readonly log: MemoryRaftLog;
  /** The same log with an eye on the voters that it names. */
  readonly voterLog: VoterLog;
  /** Of its listener, from the next start on. */
  port: number;
  stored: ElectionState | undefined;
  state: QuorumState | undefined;
}

type Message =
  | {
      readonly from: number;
      readonly to: number;
      readonly id: number;
      readonly request: RaftRequest;
    }
  | {
      readonly from: number;
      readonly to: number;
      readonly request: RaftRequest;
      readonly response: RaftResponse;
    };

/**
 * A quorum in one thread with messages that wait until they are delivered, driven by commands
 * (`start 1`, `elect 1`, `wait 2000`, `deliver`, `append 1 a`, `cut 1 2`, `crash 1`, `move 1 9094`, `log`) whose trace is the output.
 */
export class QuorumTranscript {
  readonly #replicas = new Map<number, Replica>();
  readonly #random = new SeededRandom(7);
  readonly #cuts = new Set<string>();
  #messages: Message[] = [];
  #voters: readonly number[] = [];
  #nowMs = 0;
  #requestId = 0;
  readonly #pendingRequests = new Map<number, { from: number; request: RaftRequest }>();
  readonly #changes = new Set<number>();
  /** The voters are in the log (KIP-853). */
  #isDynamic = false;
  /** KIP-996 */
  #isPreVoting = false;
  #out: string[] = [];

  /** Runs a transcript file: blocks of a command, `----`, output, a blank line. Answers it with fresh output. */
  static run(text: string): string {
    const transcript = new QuorumTranscript();
    const blocks = text.trim().split(/\n\n+/);
    return `${blocks.map((block) => transcript.#runBlock(block)).join('\n\n')}\n`;
  }

  #runBlock(block: string): string {
    const [head = ''] = block.split('\n----');
    this.#out = [];
    for (const line of head.split('\n')) if (!line.startsWith('#')) this.execute(line.trim());
    return [head, '----', ...this.#out].join('\n');
  }

  execute(line: string): void {
    const [command = '', ...args] = line.split(' ');
    const numbers = args.map(Number);
    const [a = 0, b = 0] = numbers;
    switch (command) {
      case 'voters':
        this.#voters = numbers;
        break;
      case 'prevote':
        this.#isPreVoting = true;
        break;
      case 'dynamic':
        this.#isDynamic = true;
        break;
      case 'add': {
        const voter = dynamicVoter(b);
        this.#change(a, { kind: 'add', voter, timeoutMs: 5_000 });
        break;
      }
      case 'remove': {
        const key = { id: b, directoryId: directoryOf(b) };
        this.#change(a, { kind: 'remove', key, timeoutMs: 5_000 });
        break;
      }
      case 'move':
        this.#replica(a).port = b;
        break;
      case 'start':
        for (const id of numbers) this.#start(id);
        break;
      case 'crash':
        this.#replica(a).state = undefined;
        this.#messages = this.#messages.filter(({ from, to }) => from !== a && to !== a);
        break;
      case 'wait':
        this.#wait(a);
        break;
      case 'elect':
      case 'timeout':
        this.#timeOut(a);
        break;
      case 'deliver':
        this.#deliverAll();
        break;
      case 'append':
        this.#append(a, args.slice(1));
        break;
      case 'resign':
        this.#step(a, { kind: 'resign', epoch: this.#state(a)?.role.epoch ?? 0 });
        break;
      case 'cut':
        this.#cuts.add(`${a}-${b}`).add(`${b}-${a}`);
        break;
      case 'heal':
        this.#cuts.clear();
        break;
      case 'log':
        for (const id of numbers) this.#print(id, this.#describeLog(id));
        break;
      case 'state':
        for (const id of numbers) this.#print(id, this.#describe(id));
        break;
      default:
        throw new TypeError(`no transcript command '${line}'`);
    }
  }

  /** Roles and logs, for invariants. */
  get replicas(): readonly Readonly<Replica>[] {
    return [...this.#replicas.values()];
  }

  get hasMessages(): boolean {
    return 0 < this.#messages.length;
  }

  /** Delivers, duplicates or loses one message that waits, as `choice` says. */
  deliverOne(index: number, isLost: boolean): void {
    const [message] = this.#messages.splice(index % this.#messages.length, 1);
    if (message === undefined) return;
    if (isLost) this.#lose(message);
    else this.#deliver(message);
  }

  #print(id: number, text: string): void {
    this.#out.push(`${id}: ${text}`);
  }

  /** What `kafka-storage.sh format --initial-controllers` leaves behind: a first snapshot with the voters. */
  #format(replica: Replica): void {
    const voters = this.#voters.map(dynamicVoter);
    const content = {
      lastContainedLogTimestampMs: 0,
      values: [],
      kraftVersion: 1,
      voters,
    } as const;
    const id = { offset: 0, epoch: 0 };
    const bytes = encodeSnapshot(id, content, 0);
    replica.log.keepSnapshot(id, bytes);
    replica.voterLog.noteSnapshot(id, bytes);
  }

  #change(id: number, change: VoterChangeMessage): void {
    this.#requestId++;
    this.#changes.add(this.#requestId);
    this.#step(id, { kind: 'change-voters', requestId: this.#requestId, change });
  }

  #replica(id: number): Replica {
    const known = this.#replicas.get(id);
    if (known !== undefined) return known;
    const log = new MemoryRaftLog();
    const voterLog = new VoterLog(log, this.#voters.map(staticVoter));
    const replica: Replica = { id, log, voterLog, port: 9093, stored: undefined, state: undefined };
    this.#replicas.set(id, replica);
    if (this.#isDynamic) this.#format(replica);
    return replica;
  }

  #state(id: number): QuorumState | undefined {
    return this.#replica(id).state;
  }

  #start(id: number): void {
    const replica = this.#replica(id);
    replica.state = newQuorumState({
      nodeId: id,
      voters: this.#voters,
      config: {
        electionTimeoutMs: 1000,
        electionBackoffMaxMs: 1000,
        fetchTimeoutMs: 2000,
        retryBackoffMs: 20,
        isPreVoteEnabled: this.#isPreVoting,
      },
      random: this.#random,
      log: replica.voterLog,
      ...(this.#isDynamic && { directoryId: directoryOf(id), endpoints: endpointsOf(replica) }),
    });
    this.#step(id, { kind: 'start', stored: replica.stored });
  }

  #wait(durationMs: number): void {
    this.#nowMs += durationMs;
    for (const { id, state } of this.#replicas.values()) {
      if (state !== undefined && nextDeadlineMs(state) <= this.#nowMs)
        this.#step(id, { kind: 'tick' });
    }
  }

  /** Lets this replica's timeout come, and nobody else's: until its role changes. */
  #timeOut(id: number): void {
    const state = this.#state(id);
    const before = state?.role;
    for (let i = 0; i < 500 && state !== undefined && state.role === before; i++) {
      this.#nowMs = Math.max(this.#nowMs, nextDeadlineMs(state));
      this.#step(id, { kind: 'tick' });
    }
  }

  #append(id: number, texts: readonly string[]): void {
    const { log, state } = this.#replica(id);
    if (state?.role.kind !== 'leader') {
      this.#print(id, 'NOT_LEADER');
      return;
    }
    const position = { baseOffset: log.logEndOffset, epoch: state.role.epoch, timestampMs: 0 };
    log.append(
      encodeDataBatch(
        position,
        texts.map((text) => Buffer.from(text)),
      ),
    );
    this.#step(id, { kind: 'flushed', logEndOffset: log.logEndOffset });
  }

  #step(id: number, event: EventWithoutTime): void {
    const replica = this.#replica(id);
    if (replica.state === undefined) return;
    const effects = stepQuorum(replica.state, { ...event, nowMs: this.#nowMs } as QuorumEvent);
    const before = replica.log.logEndOffset;
    let changesLog = false;
    for (const effect of effects) {
      this.#perform(replica, effect);
      changesLog ||= /append|truncate/.test(effect.kind);
    }
    if (changesLog || before !== replica.log.logEndOffset) {
      this.#step(id, { kind: 'flushed', logEndOffset: replica.log.logEndOffset });
    }
  }

  #perform(replica: Replica, effect: QuorumEffect): void {
    const { id, log, voterLog, state } = replica;
    switch (effect.kind) {
      case 'persist':
        replica.stored = effect.election;
        this.#print(id, `persist ${formatElection(effect.election)}`);
        break;
      case 'append-leader-change': {
        const { logEndOffset: baseOffset } = log;
        const place = { baseOffset, partitionLeaderEpoch: effect.epoch, timestamp: 0 };
        const { grantingVoters, voters } = effect;
        if (state !== undefined) voterLog.append(encodeEpochStart(place, state, effect));
        const more = voters === undefined ? '' : `, voters ${voters.map(formatVoter)}`;
        this.#print(id, `append LeaderChange at ${baseOffset}, votes of ${grantingVoters}${more}`);
        break;
      }
      case 'append-voters': {
        const { logEndOffset: baseOffset } = log;
        const place = { baseOffset, partitionLeaderEpoch: effect.epoch, timestamp: 0 };
        voterLog.append(encodeVotersBatch(place, effect.voters));
        this.#print(id, `append Voters ${effect.voters.map(formatVoter)} at ${baseOffset}`);
        break;
      }
      case 'append':
        voterLog.append(effect.records);
        this.#print(id, `append up to ${log.logEndOffset}`);
        break;
      case 'truncate':
        voterLog.truncateTo(effect.offset).catch(() => undefined);
        this.#print(id, `truncate to ${effect.offset}`);
        break;
      case 'send':
        this.#requestId++;
        this.#messages.push({
          from: id,
          to: effect.to,
          id: this.#requestId,
          request: effect.request,
        });
        this.#print(id, `send ${formatRequest(effect.request)} to ${effect.to}`);
        break;
      case 'respond':
        this.#respond(id, effect.requestId, effect.response);
        break;
      case 'respond-with-records':
        this.#respondWithRecords(replica, effect.requestId);
        break;
      case 'become':
        this.#print(id, `become ${effect.role.kind} in epoch ${effect.role.epoch}`);
        break;
      case 'commit':
        this.#print(id, `commit up to ${effect.highWatermark}`);
        break;
      case 'append-snapshot':
        this.#print(id, `append ${effect.bytes.byteLength} bytes to the snapshot`);
        break;
      case 'install-snapshot':
        this.#print(id, `install snapshot ${effect.id.offset}-${effect.id.epoch}`);
        break;
      case 'respond-with-snapshot':
        this.#print(id, 'answer with a part of the snapshot');
    }
  }

  #respond(id: number, requestId: number, response: RaftResponse): void {
    if (this.#changes.delete(requestId)) {
      const { errorCode, errorMessage } = response;
      const reason = errorMessage === undefined ? '' : `: ${errorMessage}`;
      this.#print(id, `answer ${errorCode}${reason}`);
      return;
    }
    const pending = this.#pendingRequests.get(requestId);
    this.#pendingRequests.delete(requestId);
    if (pending === undefined) return;
    this.#messages.push({ from: id, to: pending.from, request: pending.request, response });
  }

  #respondWithRecords({ id, log, state }: Replica, requestId: number): void {
    const request = this.#pendingRequests.get(requestId)?.request;
    if (request?.api !== 'fetch' || state === undefined) return;
    const wanted = log.batches.filter((batch) => request.fetchOffset <= batch.baseOffset);
    const records = new Uint8Array(Buffer.concat(wanted.map(({ bytes }) => bytes)));
    const result = { kind: 'records', records, highWatermark: state.highWatermark } as const;
    this.#respond(id, requestId, {
      errorCode: 'NONE',
      epoch: state.role.epoch,
      leaderId: id,
      result,
    });
  }

  /** Everything that waits, and what comes of it, but no endless fetching: until nothing changes. */
  #deliverAll(): void {
    for (let round = 0; round < 12 && 0 < this.#messages.length; round++) {
      const lines = this.#out.length;
      for (const message of this.#messages.splice(0)) this.#deliver(message);
      const fresh = this.#out.slice(lines);
      const isIdle = fresh.every((line) => line.includes('send Fetch'));
      if (isIdle) this.#out.length = lines;
      if (isIdle && 3 < round) return;
    }
  }

  #deliver(message: Message): void {
    const { from, to } = message;
    const isUp = this.#state(to) !== undefined && this.#state(from) !== undefined;
    if (!isUp || this.#cuts.has(`${from}-${to}`)) {
      this.#lose(message);
      return;
    }
    if ('response' in message) {
      const { request, response } = message;
      this.#step(to, { kind: 'response', from, request, response });
      return;
    }
    this.#pendingRequests.set(message.id, { from, request: message.request });
    this.#step(to, { kind: 'request', from, requestId: message.id, request: message.request });
  }

  #lose(message: Message): void {
    const isResponse = 'response' in message;
    const sender = isResponse ? message.to : message.from;
    const receiver = isResponse ? message.from : message.to;
    this.#step(sender, { kind: 'request-failed', to: receiver, request: message.request });
  }

  #describe(id: number): string {
    const { state, log } = this.#replica(id);
    if (state === undefined) return 'down';
    const { kind, epoch } = state.role;
    return `${kind} in epoch ${epoch}, log end ${log.logEndOffset}, high watermark ${state.highWatermark ?? 'unknown'}`;
  }

  #describeLog(id: number): string {
    const { log } = this.#replica(id);
    const records = log.batches.map((batch) => {
      const values = [...batch.records()].map(({ value }) =>
        new TextDecoder().decode(value ?? undefined),
      );
      return `${batch.baseOffset}@${batch.partitionLeaderEpoch}=${batch.isControl ? controlNames(batch) : values}`;
    });
    return records.join(' ');
  }
}

/** A folder for each replica, which its id shows in. */
function directoryOf(id: number): string {
  return `directory0000000000${id}AA`;
}

function dynamicVoter(id: number): Voter {
  const endpoints = endpointsOf({ id, port: 9093 });
  return { id, directoryId: directoryOf(id), endpoints, ...kraftVersions };
}

function endpointsOf({ id, port }: Pick<Replica, 'id' | 'port'>): readonly VoterEndpoint[] {
  return [{ name: 'CONTROLLER', host: `worker${id}`, port }];
}
