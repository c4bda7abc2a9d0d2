import { assert } from '../base/assert.ts';
import { type ExitCode, ProcessError, type Program, type Signal } from '../base/program.ts';
import { sleep } from '../base/scheduler.ts';
import { kafkaServersIn } from './kafka-servers.ts';
import { ProcessContext } from './process/process-context.ts';
import type { LabMachine, LabState, LinkState } from './system-calls.ts';

const usage = `usage: lab status                what runs on each machine, and how the network is
       lab kill MACHINE...       end its Kafka servers at once (SIGKILL), as a power cut does
       lab stop MACHINE...       ask its Kafka servers to shut down (SIGTERM), and wait
       lab start MACHINE...      start in the background what ran there last
       lab cut A [B...]          cut machine A off from B, without B from all others
       lab cut --one-way A B...  lose only what A sends to B
       lab slow A B MS           delay what travels between A and B by MS milliseconds each way
       lab slow --one-way A B MS delay only what A sends to B
       lab heal [A]              make the network whole and fast again, all of it or A's part

A Kafka server is what jps calls Kafka. Machines are the lab's: worker1, worker2 ...`;

const usageExitCode = 2;
const oneWayFlag = '--one-way';

/** `lab`: the switches and cables of the lab's machines, as a command. */
export const lab: Program = {
  name: 'lab',
  async run(ctx) {
    assert(ctx instanceof ProcessContext, 'the lab’s command runs in a process of the kernel');
    try {
      return await runCommand(ctx);
    } catch (error) {
      if (!(error instanceof ProcessError)) throw error;
      await ctx.stderr.write(`lab: ${error.message}\n`);
      return 1;
    }
  },
};

function runCommand(ctx: ProcessContext): Promise<ExitCode> {
  const [action = 'help', ...words] = ctx.args;
  switch (action) {
    case 'status':
      return showStatus(ctx);
    case 'kill':
      return forEachMachine(ctx, words, (machine) => endServers(ctx, machine, 'SIGKILL'));
    case 'stop':
      return forEachMachine(ctx, words, (machine) => endServers(ctx, machine, 'SIGTERM'));
    case 'start':
      return forEachMachine(ctx, words, (machine) => startServers(ctx, machine));
    case 'cut':
      return cut(ctx, words);
    case 'slow':
      return slow(ctx, words);
    case 'heal':
      return heal(ctx, words);
    case 'help':
    case '-h':
    case '--help':
      return explain(ctx, 0);
    default:
      return explain(ctx, usageExitCode);
  }
}

async function explain(ctx: ProcessContext, exitCode: ExitCode): Promise<ExitCode> {
  await (exitCode === 0 ? ctx.stdout : ctx.stderr).write(`${usage}\n`);
  return exitCode;
}

async function say(ctx: ProcessContext, line: string): Promise<void> {
  await ctx.stdout.write(`${line}\n`);
}

/** The machines in the order given, all known before the first is touched. */
async function forEachMachine(
  ctx: ProcessContext,
  names: readonly string[],
  act: (machine: LabMachine) => Promise<boolean>,
): Promise<ExitCode> {
  if (names.length === 0) return explain(ctx, usageExitCode);
  const state = await ctx.kernel.call('labState', {});
  const machines = names.map((name) => machineOf(state, name));
  let exitCode = 0;
  for (const machine of machines) if (!(await act(machine))) exitCode = 1;
  return exitCode;
}

function machineOf(state: LabState, name: string): LabMachine {
  const found = state.machines.find((machine) => machine.name === name);
  if (found !== undefined) return found;
  const known = state.machines.map((machine) => machine.name).join(', ');
  throw new ProcessError(`${name}: no such machine; there are ${known}`);
}

const stopPatienceMs = 60_000;

async function endServers(
  ctx: ProcessContext,
  machine: LabMachine,
  signal: Signal,
): Promise<boolean> {
  const servers = kafkaServersIn(machine.processes);
  if (servers.length === 0) await say(ctx, `${machine.name}: no Kafka is running`);
  for (const { pid } of servers) {
    const ended = ctx.kernel.call('wait', { pid });
    await ctx.kernel.call('labSignal', { machine: machine.name, pid, signal });
    const late = sleep(ctx.scheduler, stopPatienceMs).then(() => undefined);
    const answer = await Promise.race([ended, late]);
    const outcome = answer === undefined ? 'is still shutting down' : endings[signal];
    await say(ctx, `${machine.name}: Kafka (pid ${pid}) ${outcome}`);
    if (answer === undefined) return false;
  }
  return 0 < servers.length;
}

const endings: Partial<Record<Signal, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'has shut down',
};

async function startServers(ctx: ProcessContext, machine: LabMachine): Promise<boolean> {
  const running = kafkaServersIn(machine.processes);
  const started = await ctx.kernel.call('labRestart', { machine: machine.name });
  for (const { pid, config } of kafkaServersIn(started)) {
    await say(ctx, `${machine.name}: Kafka (pid ${pid}) started with ${config}`);
  }
  if (0 < started.length) return true;
  const reason =
    running.length === 0 ? 'nothing has run in the background here yet' : 'it is running already';
  await say(ctx, `${machine.name}: ${reason}`);
  return 0 < running.length;
}

async function cut(ctx: ProcessContext, words: readonly string[]): Promise<ExitCode> {
  const isOneWay = words[0] === oneWayFlag;
  const [name, ...others] = isOneWay ? words.slice(1) : words;
  if (name === undefined) return explain(ctx, usageExitCode);
  const state = await ctx.kernel.call('labState', {});
  const a = machineOf(state, name).name;
  const peers =
    others.length === 0
      ? state.machines.map((machine) => machine.name).filter((peer) => peer !== a)
      : others.map((peer) => machineOf(state, peer).name).filter((peer) => peer !== a);
  for (const to of peers) {
    const request = { from: a, to, change: { isCut: true }, both: !isOneWay };
    await ctx.kernel.call('labLink', request);
  }
  return showStatus(ctx);
}

const delayMsMax = 60_000;

async function slow(ctx: ProcessContext, words: readonly string[]): Promise<ExitCode> {
  const isOneWay = words[0] === oneWayFlag;
  const [first, second, delay] = isOneWay ? words.slice(1) : words;
  const delayMs = Number(delay);
  if (first === undefined || second === undefined || !(0 <= delayMs && delayMs <= delayMsMax)) {
    return explain(ctx, usageExitCode);
  }
  const state = await ctx.kernel.call('labState', {});
  const [from, to] = [machineOf(state, first).name, machineOf(state, second).name];
  await ctx.kernel.call('labLink', { from, to, change: { delayMs }, both: !isOneWay });
  return showStatus(ctx);
}

async function heal(ctx: ProcessContext, [name]: readonly string[]): Promise<ExitCode> {
  const state = await ctx.kernel.call('labState', {});
  const machine = name === undefined ? undefined : machineOf(state, name).name;
  for (const { from, to } of state.faults) {
    if (machine !== undefined && from !== machine && to !== machine) continue;
    const request = { from, to, change: { isCut: false, delayMs: 0 }, both: false };
    await ctx.kernel.call('labLink', request);
  }
  return showStatus(ctx);
}

async function showStatus(ctx: ProcessContext): Promise<ExitCode> {
  const state = await ctx.kernel.call('labState', {});
  const width = Math.max(...state.machines.map(({ name }) => name.length));
  for (const machine of state.machines) {
    const servers = kafkaServersIn(machine.processes).map(
      ({ pid, config }) => `Kafka ${pid} (${fileOf(config)})`,
    );
    const network = networkOf(state, machine.name);
    const columns = [servers.join(', ') || 'no Kafka', ...(network === '' ? [] : [network])];
    await say(ctx, `${machine.name.padEnd(width)}  ${columns.join(' · ')}`);
  }
  return 0;
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function networkOf(state: LabState, name: string): string {
  const peers = state.machines.map((machine) => machine.name).filter((peer) => peer !== name);
  const delays = peers.map((peer) => ({ peer, delayMs: faultOf(state, name, peer).delayMs }));
  const slow = delays.filter(({ delayMs }) => 0 < delayMs);
  const isCut = (from: string, to: string) => faultOf(state, from, to).isCut;
  const parts = [
    ['cut off from', peers.filter((peer) => isCut(name, peer) && isCut(peer, name))],
    ['cannot send to', peers.filter((peer) => isCut(name, peer) && !isCut(peer, name))],
    ['cannot hear', peers.filter((peer) => !isCut(name, peer) && isCut(peer, name))],
    ['slow to', slow.map(({ peer, delayMs }) => `${peer} (${delayMs} ms)`)],
  ] as const;
  const said = parts.filter(([, names]) => 0 < names.length);
  return said.map(([words, names]) => `${words} ${names.join(', ')}`).join(' · ');
}

function faultOf({ faults }: LabState, from: string, to: string): LinkState {
  const fault = faults.find((each) => each.from === from && each.to === to);
  return fault ?? { isCut: false, delayMs: 0 };
}
