import type { ReplacementPart, SedAddress, SedCommand, Substitution } from './sed-script.ts';

/** What the machine needs of the world. */
export interface SedPorts {
  nextLine(): Promise<string | undefined>;
  isLastLine(): Promise<boolean>;
  write(text: string): Promise<void> | undefined;
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
}

/** A loop without reading a line is ended after so many steps. */
const stepsMax = 10_000_000;

type Flow = 'next' | 'delete' | 'restart' | 'quit' | { readonly label: string };

/** Runs a script over lines. One machine serves one stream of input. */
export class SedMachine {
  exitStatus = 0;
  readonly #ports: SedPorts;
  readonly #commands: readonly SedCommand[];
  readonly #isQuiet: boolean;
  #pattern = '';
  #hold = '';
  #line = 0;
  #hasSubstituted = false;
  #lastRegex: RegExp | undefined;
  #appended: string[] = [];
  #steps = 0;
  /** Ranges that are open, with the line where each began. */
  readonly #ranges = new Map<SedCommand, number>();

  constructor(commands: readonly SedCommand[], isQuiet: boolean, ports: SedPorts) {
    this.#commands = commands;
    this.#isQuiet = isQuiet;
    this.#ports = ports;
  }

  async run(): Promise<void> {
    let keepsPattern = false;
    for (;;) {
      if (!keepsPattern) {
        const line = await this.#ports.nextLine();
        if (line === undefined) return;
        this.#pattern = line;
        this.#line++;
        this.#hasSubstituted = false;
      }
      const flow = await this.#cycle();
      keepsPattern = flow === 'restart';
      if (flow !== 'delete' && flow !== 'restart' && !this.#isQuiet && flow !== 'quit-silent') {
        await this.#ports.write(`${this.#pattern}\n`);
      }
      await this.#flushAppended();
      if (flow === 'quit' || flow === 'quit-silent') return;
    }
  }

  async #cycle(): Promise<'next' | 'delete' | 'restart' | 'quit' | 'quit-silent'> {
    let commands = this.#commands;
    for (;;) {
      const flow = await this.#runList(commands);
      if (typeof flow !== 'object') {
        return flow === 'quit' && this.#isQuitSilent ? 'quit-silent' : flow;
      }
      if (flow.label === '') return 'next';
      commands = this.#after(flow.label);
    }
  }

  #isQuitSilent = false;

  /** Simplified: labels are looked for at the outermost level, where scripts put them. */
  #after(label: string): readonly SedCommand[] {
    const at = this.#commands.findIndex(({ name, argument }) => name === ':' && argument === label);
    return at === -1 ? [] : this.#commands.slice(at + 1);
  }

  async #runList(commands: readonly SedCommand[]): Promise<Flow> {
    for (const command of commands) {
      if (stepsMax < ++this.#steps) return 'quit';
      if ((await this.#isSelected(command)) === command.isNegated) continue;
      const flow =
        command.body === undefined ? await this.#run(command) : await this.#runList(command.body);
      if (flow !== 'next' || command.name === 'b') return flow;
    }
    return 'next';
  }

  async #isSelected(command: SedCommand): Promise<boolean> {
    const { from, to } = command;
    if (from === undefined) return true;
    if (to === undefined) return this.#matches(from);
    const start = this.#ranges.get(command);
    if (start === undefined) {
      if (!(await this.#matches(from))) return false;
      const isOneLine = to.kind === 'line' && to.number <= this.#line;
      if (!isOneLine && !(to.kind === 'count' && to.number === 0))
        this.#ranges.set(command, this.#line);
      return true;
    }
    const isPast = to.kind === 'line' && to.number < this.#line;
    const isEnd =
      to.kind === 'count' ? start + to.number <= this.#line : isPast || (await this.#matches(to));
    if (isEnd) this.#ranges.delete(command);
    return !isPast;
  }

  async #matches(address: SedAddress): Promise<boolean> {
    switch (address.kind) {
      case 'line':
        return address.number === this.#line;
      case 'last':
        return await this.#ports.isLastLine();
      case 'step':
        if (address.step === 0) return this.#line === address.first;
        return address.first <= this.#line && (this.#line - address.first) % address.step === 0;
      case 'regex':
        return this.#regex(address.regex).test(this.#pattern);
      case 'count':
        return false;
    }
  }

  #regex(regex: RegExp | undefined): RegExp {
    const used = regex ?? this.#lastRegex ?? /(?!)/g;
    this.#lastRegex = used;
    used.lastIndex = 0;
    return used;
  }

  async #run(command: SedCommand): Promise<Flow> {
    const { name, argument } = command;
    switch (name) {
      case 's':
        if (command.substitution !== undefined) await this.#substitute(command.substitution);
        return 'next';
      case 'y':
        this.#pattern = [...this.#pattern]
          .map((letter) => command.table?.get(letter) ?? letter)
          .join('');
        return 'next';
      case 'd':
        return 'delete';
      case 'D':
        return this.#deleteFirstLine();
      case 'n':
      case 'N':
        return this.#readNext(name);
      case 'q':
      case 'Q':
        this.exitStatus = Number(argument || 0);
        this.#isQuitSilent = name === 'Q';
        return 'quit';
      case 'b':
        return { label: argument };
      case 't':
      case 'T':
        return this.#branch(name === 't', argument);
      case 'c':
        return this.#change(command);
      default:
        await this.#runSimple(name, argument);
        return 'next';
    }
  }

  async #runSimple(name: string, argument: string): Promise<void> {
    switch (name) {
      case 'p':
        await this.#ports.write(`${this.#pattern}\n`);
        break;
      case 'P':
        await this.#ports.write(`${this.#pattern.split('\n', 1)[0] ?? ''}\n`);
        break;
      case '=':
        await this.#ports.write(`${this.#line}\n`);
        break;
      case 'g':
        this.#pattern = this.#hold;
        break;
      case 'G':
        this.#pattern += `\n${this.#hold}`;
        break;
      case 'h':
        this.#hold = this.#pattern;
        break;
      case 'H':
        this.#hold += `\n${this.#pattern}`;
        break;
      case 'x':
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        break;
      case 'z':
        this.#pattern = '';
        break;
      default:
        await this.#runText(name, argument);
    }
  }

  async #runText(name: string, argument: string): Promise<void> {
    if (name === 'a') this.#appended.push(`${argument}\n`);
    else if (name === 'i') await this.#ports.write(`${argument}\n`);
    else if (name === 'r') this.#appended.push(await this.#ports.readFile(argument));
    else if (name === 'w') await this.#ports.writeFile(argument, `${this.#pattern}\n`);
    else if (name === 'l')
      await this.#ports.write(`${this.#pattern.replace(/\\/g, '\\\\').replace(/\t/g, '\\t')}$\n`);
  }

  #branch(isOnSuccess: boolean, label: string): Flow {
    const had = this.#hasSubstituted;
    this.#hasSubstituted = false;
    return had === isOnSuccess ? { label } : 'next';
  }

  async #change(command: SedCommand): Promise<Flow> {
    const isInside = command.to !== undefined && this.#ranges.has(command);
    if (!isInside || command.isNegated) await this.#ports.write(`${command.argument}\n`);
    return 'delete';
  }

  #deleteFirstLine(): Flow {
    const at = this.#pattern.indexOf('\n');
    if (at === -1) return 'delete';
    this.#pattern = this.#pattern.slice(at + 1);
    return 'restart';
  }

  async #readNext(name: string): Promise<Flow> {
    if (name === 'n' && !this.#isQuiet) await this.#ports.write(`${this.#pattern}\n`);
    await this.#flushAppended();
    const line = await this.#ports.nextLine();
    if (line === undefined) {
      // GNU sed prints the pattern space where POSIX would drop it; `n` has printed it already.
      this.#isQuitSilent = name === 'n';
      return 'quit';
    }
    this.#line++;
    this.#pattern = name === 'N' ? `${this.#pattern}\n${line}` : line;
    return 'next';
  }

  async #substitute(substitution: Substitution): Promise<void> {
    const regex = this.#regex(substitution.regex);
    let count = 0;
    let isChanged = false;
    const { isGlobal, occurrence } = substitution;
    this.#pattern = this.#pattern.replace(regex, (match, ...rest: unknown[]) => {
      count++;
      if (count < occurrence || (!isGlobal && occurrence < count)) return match;
      isChanged = true;
      return expandReplacement(substitution.replacement, [
        match,
        ...rest.map((group) => (typeof group === 'string' ? group : '')),
      ]);
    });
    if (!isChanged) return;
    this.#hasSubstituted = true;
    if (substitution.isPrinted) await this.#ports.write(`${this.#pattern}\n`);
    if (substitution.file !== undefined)
      await this.#ports.writeFile(substitution.file, `${this.#pattern}\n`);
  }

  async #flushAppended(): Promise<void> {
    for (const text of this.#appended.splice(0)) await this.#ports.write(text);
  }
}

function expandReplacement(parts: readonly ReplacementPart[], groups: readonly string[]): string {
  const changer = new CaseChanger();
  let result = '';
  for (const part of parts) {
    if (part.kind === 'case') changer.set(part.mode);
    else if (part.kind === 'text') result += changer.apply(part.text);
    else result += changer.apply(groups[part.number] ?? '');
  }
  return result;
}

/** `\U`, `\L`, `\E` for all that follows, `\u`, `\l` for the next letter. */
class CaseChanger {
  #mode = '';
  #once = '';

  set(mode: string): void {
    if (/[ul]/.test(mode)) this.#once = mode;
    else this.#mode = mode === 'E' ? '' : mode;
  }

  apply(text: string): string {
    const changed = changeCase(text, this.#mode);
    if (this.#once === '' || changed === '') return changed;
    const first = changeCase(changed.charAt(0), this.#once.toUpperCase());
    this.#once = '';
    return first + changed.slice(1);
  }
}

function changeCase(text: string, mode: string): string {
  if (mode === 'U') return text.toUpperCase();
  return mode === 'L' ? text.toLowerCase() : text;
}
