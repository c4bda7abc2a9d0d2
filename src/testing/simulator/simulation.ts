import type { Finding } from './theorems/theorem.ts';

/** `power` is `cluster` with power cuts that take what partitions had not flushed. */
export const scenarios = ['raft', 'cluster', 'power'] as const;
export type Scenario = (typeof scenarios)[number];

export interface SimulationOptions {
  readonly seed: number;
  readonly nodes: number;
}

/** What a seed's world is like, whatever else the seed makes of it. */
export interface Traits {
  /** The voters are named by the log and change while it is written (KIP-853). */
  readonly hasDynamicVoters: boolean;
  /** A read of the metadata log gives one batch, so that a fetch seldom brings all that there is. */
  readonly readsSingleBatches: boolean;
  /** Whoever is elected meets with misfortune at once, half of the time. */
  readonly strikesLeaders: boolean;
  /** Power cuts take what was not flushed of partitions, too, which Kafka acknowledges before it flushes. */
  readonly losesLogEnds: boolean;
}

/** Independent of each other: each pair of traits is there in some seeds, of three nodes and of five. */
export function traitsOf(seed: number): Traits {
  return {
    hasDynamicVoters: seed % 3 === 2,
    readsSingleBatches: seed % 5 === 3,
    strikesLeaders: seed % 7 < 3,
    losesLogEnds: false,
  };
}

export const plainTraits: Traits = {
  hasDynamicVoters: false,
  readsSingleBatches: false,
  strikesLeaders: false,
  losesLogEnds: false,
};

/** What came of one seed. */
export interface SimulationResult extends SimulationOptions {
  readonly scenario: Scenario;
  readonly finding: Finding | undefined;
  readonly story: readonly string[];
  /** How much happened, so that a green run is known to be about something. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The last lines of the story tell how it came to it. */
const STORY_LINES_MAX = 400;

/** What is printed of a broken theorem: the story, what was expected and found, and how to see it again. */
export function report(result: SimulationResult): string {
  const { finding, story, scenario, seed, nodes } = result;
  if (finding === undefined) return `seed ${seed}: every theorem holds`;
  const left = story.length - STORY_LINES_MAX;
  return [
    `Seed ${seed} of scenario ${scenario} with ${nodes} nodes:`,
    ...(0 < left ? [`           … ${left} lines before …`] : []),
    ...story.slice(-STORY_LINES_MAX),
    '',
    `${finding.theorem} is broken.`,
    `  expected: ${finding.expected}`,
    `  found:    ${finding.found}`,
    `To see it again: npm run simulate -- --scenario ${scenario} --nodes ${nodes} --seed ${seed}`,
  ].join('\n');
}
