import { workerName } from '../story.ts';
import type { RaftLife } from './raft-machine.ts';
import { RaftWorld } from './raft-world.ts';

/** In a script the links are those of a room. */
const scriptNetwork = { delayMs: 4, jitterMs: 3, loss: 0, duplication: 0 };

/**
 * A transcript that is its own script: lines that begin with `$` are commands, those that begin with `#`
 * are the author's, all others are what happened. Commands:
 *
 *     $ seed 7                     all that is random follows from it; worker1..3 exist from here on
 *     $ chance 0.1 0.5 0.9         where in their range the random times of worker1..3 fall
 *     $ start worker1 worker2      (or restart)
 *     $ wait 3000                  milliseconds
 *     $ append worker2 3           three records, at a leader
 *     $ power off worker2          what its disk has not flushed is lost
 *     $ cut worker1 worker2        no message passes, both ways
 *     $ cut off worker1            from all others
 *     $ heal                       all links
 *     $ show logs
 *
 * A command that begins with `quietly` is carried out without telling what happened.
 */
export async function replayRaftScript(text: string): Promise<string> {
  let script: RaftScript | undefined;
  const out: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line === '') out.push(line);
    if (!line.startsWith('$ ')) continue;
    out.push(line);
    const words = line.slice(2).split(' ');
    if (words[0] === 'seed') script = await RaftScript.begin(Number(words[1]));
    else if (script === undefined) throw new ScriptError('a script begins with $ seed');
    else out.push(...(await script.run(words)));
  }
  return out.join('\n');
}

class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

class RaftScript {
  readonly #world: RaftWorld;
  #told = 0;

  private constructor(world: RaftWorld) {
    this.#world = world;
  }

  static async begin(seed: number): Promise<RaftScript> {
    const world = new RaftWorld({ seed, nodes: 3, isDetailed: true });
    world.network.faults = scriptNetwork;
    await world.format();
    return new RaftScript(world);
  }

  /** Carries out one command and answers what happened during it. */
  async run(words: readonly string[]): Promise<readonly string[]> {
    const isQuiet = words[0] === 'quietly';
    const command = isQuiet ? words.slice(1) : words;
    const { scheduler, story } = this.#world;
    const answer = this.#act(command);
    await scheduler.settle();
    if (command[0] === 'wait') await scheduler.advance(Number(command[1]));
    const { finding } = this.#world;
    if (finding !== undefined) throw new ScriptError(`${finding.theorem}: ${finding.found}`);
    const told = story.lines.slice(this.#told);
    this.#told = story.lines.length;
    return isQuiet ? [] : [...told, ...answer];
  }

  #act(words: readonly string[]): readonly string[] {
    const [command = '', ...names] = words;
    switch (command) {
      case 'start':
      case 'restart':
        for (const name of names) this.#machine(name).start();
        return [];
      case 'wait':
        return [];
      case 'chance':
        for (const [index, machine] of this.#world.machines.entries()) {
          machine.chance = Number(names[index]);
        }
        return [];
      case 'append':
        return this.#append(names);
      case 'power':
        this.#machine(names[1]).powerOff();
        return [];
      case 'cut':
        this.#cut(names);
        return [];
      case 'heal':
        this.#world.network.heal();
        return [];
      case 'show':
        return showLogs(this.#world.lives);
      default:
        throw new ScriptError(`there is no command ${words.join(' ')}`);
    }
  }

  #append([name, count]: readonly string[]): readonly string[] {
    const { life } = this.#machine(name);
    if (life === undefined) throw new ScriptError(`${name} does not run`);
    for (let i = 0; i < Number(count); i++) {
      if (!this.#world.append(life)) return [`  ${name} refuses: it does not lead`];
    }
    return [];
  }

  #cut(names: readonly string[]): void {
    const isCutOff = names[0] === 'off';
    const a = this.#machine(names[isCutOff ? 1 : 0]);
    const others = isCutOff ? this.#world.machines : [this.#machine(names[1])];
    for (const b of others) {
      if (a.id === b.id) continue;
      this.#world.network.cut(a.id, b.id);
      this.#world.network.cut(b.id, a.id);
    }
  }

  #machine(name: string | undefined) {
    const machine = this.#world.machines.find(({ id }) => workerName(id) === name);
    if (machine === undefined) throw new ScriptError(`there is no machine ${name}`);
    return machine;
  }
}

/** A column an offset: `L2` is the record with which the leader of epoch 2 began, `r2` a record of epoch 2. */
function showLogs(lives: readonly RaftLife[]): readonly string[] {
  const end = Math.max(...lives.map(({ log }) => log.endOffset));
  const offsets = Array.from({ length: end }, (_, offset) => String(offset).padEnd(4));
  const rows = lives.map(({ name, log }) => {
    const cells = log.batches.map(({ isControl, epoch }) => `${isControl ? 'L' : 'r'}${epoch}`);
    return `  ${name}  ${cells.map((cell) => cell.padEnd(4)).join('')}`.trimEnd();
  });
  return [`  offset   ${offsets.join('')}`.trimEnd(), ...rows];
}
