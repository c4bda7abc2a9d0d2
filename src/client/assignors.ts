import type { TopicPartition } from './topic-partition.ts';

/** Member id → the topics it has subscribed to. */
export type MemberSubscriptions = ReadonlyMap<string, readonly string[]>;
export type Assignments = ReadonlyMap<string, readonly TopicPartition[]>;

/** How a group's leader shares partitions out; `name` is what the members agree on. */
export interface Assignor {
  readonly name: string;
  /** `partitionCounts` holds the topics that exist. */
  assign(members: MemberSubscriptions, partitionCounts: ReadonlyMap<string, number>): Assignments;
}

/** Topic by topic: each member gets a run of neighbouring partitions, the first ones one more. */
export const rangeAssignor: Assignor = {
  name: 'range',
  assign(members, partitionCounts) {
    const assignments = emptyAssignments(members);
    for (const topic of subscribedTopics(members)) {
      const count = partitionCounts.get(topic) ?? 0;
      const subscribers = sortedMembers(members).filter((id) => members.get(id)?.includes(topic));
      const each = Math.floor(count / subscribers.length);
      const extra = count % subscribers.length;
      for (const [i, id] of subscribers.entries()) {
        const start = each * i + Math.min(i, extra);
        const length = each + (i < extra ? 1 : 0);
        for (let partition = start; partition < start + length; partition++) {
          assignments.get(id)?.push({ topic, partition });
        }
      }
    }
    return assignments;
  },
};

/** All partitions in a row, dealt out one by one to those who subscribed to their topic. */
export const roundRobinAssignor: Assignor = {
  name: 'roundrobin',
  assign(members, partitionCounts) {
    const assignments = emptyAssignments(members);
    const ids = sortedMembers(members);
    let next = 0;
    for (const topic of subscribedTopics(members)) {
      for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition++) {
        while (members.get(ids[next % ids.length] ?? '')?.includes(topic) === false) next += 1;
        assignments.get(ids[next % ids.length] ?? '')?.push({ topic, partition });
        next += 1;
      }
    }
    return assignments;
  },
};

/** By the class names that `partition.assignment.strategy` takes, and their short forms. */
export const assignorsByName: ReadonlyMap<string, Assignor> = new Map([
  ['RangeAssignor', rangeAssignor],
  ['range', rangeAssignor],
  ['RoundRobinAssignor', roundRobinAssignor],
  ['roundrobin', roundRobinAssignor],
]);

function emptyAssignments(members: MemberSubscriptions): Map<string, TopicPartition[]> {
  return new Map([...members.keys()].map((id) => [id, []]));
}

function sortedMembers(members: MemberSubscriptions): string[] {
  return [...members.keys()].toSorted();
}

function subscribedTopics(members: MemberSubscriptions): string[] {
  return [...new Set([...members.values()].flat())].toSorted();
}
