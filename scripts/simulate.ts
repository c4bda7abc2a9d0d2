// `npm run simulate -- [--seeds 10000] [--from 0] [--nodes 3|5] [--scenario raft|cluster|power] [--seed N] [--mutants]`
// Simulates seeds on all cores; prints the story of a seed that breaks a theorem. `--mutants` breaks a rule of the
// nodes instead and looks for the first of 1,000 seeds that notices, for each mutant.
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { mutants, simulateMutant } from '../src/testing/simulator/mutants.ts';
import { simulate } from '../src/testing/simulator/simulate.ts';
import { report, type Scenario, scenarios } from '../src/testing/simulator/simulation.ts';

/** One seed, for a worker. */
interface Job {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly nodes: number;
}

/** A broken rule, for a worker: which seed notices it? */
interface MutantJob {
  readonly mutant: string;
}

interface MutantOutcome {
  readonly isNoticed: boolean;
  readonly text: string;
}

interface Outcome extends Job {
  readonly theorem: string | undefined;
  readonly text: string;
  readonly counts: Readonly<Record<string, number>>;
}

const REPORTS_MAX = 3;
const MUTANT_SEEDS = 1000;
/** A seed leaves nothing behind: there is little to look at in a large young generation, and all cores are busy. */
const WORKER_OPTIONS = ['--max-semi-space-size=64', '--single-threaded-gc'];
const PROGRESS_EVERY_MS = 10_000;

if (process.send === undefined) await main();
else serve();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '0' },
      nodes: { type: 'string' },
      scenario: { type: 'string' },
      seed: { type: 'string' },
      mutants: { type: 'boolean', default: false },
    },
  });
  if (values.mutants) process.exit(await findMutants());
  const chosen = values.scenario === undefined ? scenarios : [scenarioOf(values.scenario)];
  const from = wholeNumber('--from', values.seed ?? values.from);
  const seeds = values.seed === undefined ? wholeNumber('--seeds', values.seeds) : 1;
  const nodes = values.nodes === undefined ? undefined : wholeNumber('--nodes', values.nodes);
  let broken = 0;
  for (const scenario of chosen) {
    broken += await simulateMany(jobsOf(scenario, { from, seeds, nodes }), scenario);
  }
  process.exit(broken === 0 ? 0 : 1);
}

function scenarioOf(text: string): Scenario {
  const scenario = scenarios.find((each) => each === text);
  if (scenario === undefined) fail(`--scenario must be one of ${scenarios.join(', ')}`);
  return scenario;
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0)
    fail(`${option} must be a whole number, but is '${text}'`);
  return number;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

/** Even seeds have three nodes and odd ones five, unless told otherwise. */
function* jobsOf(
  scenario: Scenario,
  range: { readonly from: number; readonly seeds: number; readonly nodes: number | undefined },
): Generator<Job> {
  for (let seed = range.from; seed < range.from + range.seeds; seed++) {
    yield { scenario, seed, nodes: range.nodes ?? (seed % 2 === 0 ? 3 : 5) };
  }
}

/** Answers how many seeds broke a theorem. */
async function simulateMany(jobs: Generator<Job>, scenario: Scenario): Promise<number> {
  const startedAtMs = performance.now();
  const totals = new Map<string, number>();
  const broken = new Map<string, number[]>();
  let done = 0;
  const seconds = () => Math.round((performance.now() - startedAtMs) / 1000);
  const progress = setInterval(() => {
    console.log(`${scenario}: ${done} seeds after ${seconds()} s, ${broken.size} theorems broken`);
  }, PROGRESS_EVERY_MS);
  await onAllCores<Job, Outcome>(jobs, (outcome) => {
    done++;
    for (const [name, count] of Object.entries(outcome.counts)) {
      totals.set(name, (totals.get(name) ?? 0) + count);
    }
    if (outcome.theorem === undefined) return;
    const seeds = broken.get(outcome.theorem) ?? [];
    if ([...broken.values()].flat().length < REPORTS_MAX) console.log(`\n${outcome.text}\n`);
    broken.set(outcome.theorem, [...seeds, outcome.seed]);
  });
  clearInterval(progress);
  for (const [theorem, seeds] of broken)
    console.log(`${theorem}: seeds ${seeds.sort((a, b) => a - b).join(' ')}`);
  const bad = [...broken.values()].flat().length;
  const counts = [...totals].map(([name, count]) => `${count} ${name}`).join(', ');
  console.log(
    `${scenario}: ${done} seeds in ${seconds()} s; ${done - bad} keep every theorem, ${bad} break one; in them ${counts}`,
  );
  return bad;
}

async function onAllCores<J extends Job | MutantJob, O>(
  jobs: Iterator<J>,
  onOutcome: (outcome: O) => void,
): Promise<void> {
  const workers = Array.from({ length: availableParallelism() }, () =>
    fork(import.meta.filename, { execArgv: [...process.execArgv, ...WORKER_OPTIONS] }),
  );
  await Promise.all(workers.map((worker) => keepBusy(worker, jobs, onOutcome)));
}

function keepBusy<J extends Job | MutantJob, O>(
  worker: ChildProcess,
  jobs: Iterator<J>,
  onOutcome: (outcome: O) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const { value, done } = jobs.next();
      if (done) worker.disconnect();
      else worker.send(value);
    };
    worker.on('message', (outcome: O) => {
      onOutcome(outcome);
      next();
    });
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with ${code}`));
    });
    next();
  });
}

/** The worker's side: one seed after another. */
function serve(): void {
  process.on('message', (job: Job | MutantJob) => {
    const work = 'mutant' in job ? findMutant(job) : simulateOne(job);
    work.then(
      (outcome) => process.send?.(outcome),
      (error: unknown) => {
        console.error(`${JSON.stringify(job)}:`, error);
        process.exit(1);
      },
    );
  });
}

async function simulateOne(job: Job): Promise<Outcome> {
  try {
    const result = await simulate(job.scenario, job);
    const theorem = result.finding?.theorem;
    const text = theorem === undefined ? '' : report(result);
    return { ...job, theorem, text, counts: result.counts };
  } catch (error) {
    // An assertion of ours, or a program that never rests: the other seeds go on.
    const text = `\nSeed ${job.seed} of scenario ${job.scenario} with ${job.nodes} nodes threw\n${error instanceof Error ? error.stack : error}`;
    return { ...job, theorem: 'an assertion', text, counts: {} };
  }
}

async function findMutant({ mutant: name }: MutantJob): Promise<MutantOutcome> {
  const mutant = mutants.find((each) => each.name === name);
  for (let seed = 0; mutant !== undefined && seed < MUTANT_SEEDS; seed++) {
    const theorem = (await simulateMutant(mutant, seed)).finding?.theorem;
    if (theorem === undefined) continue;
    const text = `${name}: seed ${seed} of ${mutant.nodes} nodes breaks ${theorem}`;
    return { isNoticed: true, text };
  }
  return { isNoticed: false, text: `${name}: not noticed within ${MUTANT_SEEDS} seeds` };
}

async function findMutants(): Promise<number> {
  let missed = 0;
  const jobs = mutants.map(({ name }) => ({ mutant: name }));
  await onAllCores<MutantJob, MutantOutcome>(jobs.values(), ({ isNoticed, text }) => {
    if (!isNoticed) missed++;
    console.log(text);
  });
  console.log(
    `${mutants.length - missed} of ${mutants.length} mutants are noticed within ${MUTANT_SEEDS} seeds`,
  );
  return missed === 0 ? 0 : 1;
}
