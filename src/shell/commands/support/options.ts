import type { CommandContext } from '../../command.ts';

export interface OptionSpecification {
  /** As for getopt: a colon after a letter that takes a value. */
  readonly short: string;
  /** Long names, to the letter that they mean or to a name of their own; with `=` at the end they take a value. */
  readonly long?: Readonly<Record<string, string>>;
  /** After the command's name, for `--help`. */
  readonly usage: string;
  /** `-5` means this letter with the value 5. */
  readonly digits?: string;
  /** The first operand ends the options (`xargs`, `env`). */
  readonly stopsAtOperand?: boolean;
}

/** A command's arguments, taken apart. */
export class Options {
  readonly operands: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>, operands: readonly string[]) {
    this.#values = values;
    this.operands = operands;
  }

  has(...names: string[]): boolean {
    return names.some((name) => this.#values.has(name));
  }

  /** The last value given. */
  value(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The one of `names` that was given last. */
  last(...names: string[]): string | undefined {
    return [...this.#values.keys()].findLast((name) => names.includes(name));
  }
}

class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** Reads the arguments of a command; a number is the status with which to end (`--help`, an error). */
export async function readOptions(
  ctx: CommandContext,
  specification: OptionSpecification,
): Promise<Options | number> {
  try {
    const reader = new OptionReader(specification);
    const options = reader.read(ctx.args);
    if (!options.has('help')) return options;
    await ctx.stdout.write(`Usage: ${ctx.name} ${specification.usage}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const hint = `Try '${ctx.name} --help' for more information.`;
    await ctx.stderr.write(`${ctx.name}: ${error.message}\n${hint}\n`);
    return ['ls', 'grep', 'sort', 'diff', 'cmp'].includes(ctx.name) ? 2 : 1;
  }
}

class OptionReader {
  readonly #specification: OptionSpecification;
  readonly #values = new Map<string, string[]>();
  #args: readonly string[] = [];
  #at = 0;

  constructor(specification: OptionSpecification) {
    this.#specification = specification;
  }

  read(args: readonly string[]): Options {
    this.#args = args;
    const operands: string[] = [];
    for (; this.#at < args.length; this.#at++) {
      const arg = args[this.#at] ?? '';
      if (arg === '--') {
        operands.push(...args.slice(this.#at + 1));
        break;
      }
      const isOperand = arg === '-' || !arg.startsWith('-');
      if (isOperand && this.#specification.stopsAtOperand === true) {
        operands.push(...args.slice(this.#at));
        break;
      }
      if (isOperand) operands.push(arg);
      else if (arg.startsWith('--')) this.#readLong(arg);
      else this.#readShort(arg);
    }
    return new Options(this.#values, operands);
  }

  #set(name: string, value: string): void {
    const before = this.#values.get(name) ?? [];
    // Deleted first, so that the order of keys is the order of last use.
    this.#values.delete(name);
    this.#values.set(name, [...before, value]);
  }

  #readLong(arg: string): void {
    const [name = '', given] = splitOnce(arg.slice(2));
    if (name === 'help') {
      this.#set('help', '');
      return;
    }
    const long = this.#specification.long ?? {};
    const known = Object.keys(long).map((key) => key.replace(/=$/, ''));
    const matches = known.filter((key) => key === name || key.startsWith(name));
    const full =
      matches.find((key) => key === name) ?? (matches.length === 1 ? matches[0] : undefined);
    if (full === undefined) throw new OptionError(`unrecognized option '--${name}'`);
    const withValue = long[`${full}=`];
    if (withValue === undefined) {
      this.#set(long[full] ?? full, given ?? '');
      return;
    }
    const value = given ?? this.#args[++this.#at];
    if (value === undefined) throw new OptionError(`option '--${full}' requires an argument`);
    this.#set(withValue, value);
  }

  #readShort(arg: string): void {
    const { digits } = this.#specification;
    const number = digits === undefined ? null : /^-(\d+)(.*)$/.exec(arg);
    if (number !== null && digits !== undefined) {
      this.#set(digits, number[1] ?? '');
      if (number[2] !== '') this.#readShort(`-${number[2]}`);
      return;
    }
    for (let index = 1; index < arg.length; index++) {
      if (this.#readLetter(arg, index)) return;
    }
  }

  /** True: the letter's value took the rest of the word. */
  #readLetter(arg: string, index: number): boolean {
    const { short } = this.#specification;
    const letter = arg.charAt(index);
    const at = letter === ':' ? -1 : short.indexOf(letter);
    if (at === -1) throw new OptionError(`invalid option -- '${letter}'`);
    if (short.charAt(at + 1) !== ':') {
      this.#set(letter, '');
      return false;
    }
    const value = arg.slice(index + 1) || this.#args[++this.#at];
    if (value === undefined) throw new OptionError(`option requires an argument -- '${letter}'`);
    this.#set(letter, value);
    return true;
  }
}

function splitOnce(text: string): [string, string | undefined] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}
