import { argparseErrorText, argparseHelp, argparseUsage, invocationOf } from './argparse-help.ts';
import type { ArgparseArgument, ArgparseSpec } from './argparse-spec.ts';

/** What was given, by the first long name without dashes. */
export interface ArgparseValues {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly command: string | undefined;
}

export type ArgparseOutcome =
  | { readonly kind: 'parsed'; readonly parsed: ArgparseValues }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string };

/** Parses as argparse4j 0.7: long options may be abbreviated to any unambiguous prefix. Never throws. */
export function parseArgparse(spec: ArgparseSpec, args: readonly string[]): ArgparseOutcome {
  const run = new ArgparseRun();
  try {
    return run.parse(spec, args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { usageOf } = error;
    const text = argparseErrorText(spec.program, error.message);
    return { kind: 'error', text: argparseUsage(usageOf) + text };
  }
}

class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly usageOf: ArgparseSpec;
  constructor(usageOf: ArgparseSpec, message: string) {
    super(message);
    this.usageOf = usageOf;
  }
}

class ArgparseRun {
  readonly #values = new Map<string, string[]>();

  parse(spec: ArgparseSpec, args: readonly string[]): ArgparseOutcome {
    const seen = new Set<ArgparseArgument>();
    let command: string | undefined;
    let i = 0;
    while (i < args.length) {
      const token = args[i] ?? '';
      if (!isFlag(token) && spec.positionals !== undefined) {
        i = this.#takePositional(spec, args, i);
        continue;
      }
      if (!isFlag(token)) {
        const outcome = this.#parseSubcommand(spec, token, args.slice(i + 1));
        if (outcome.kind !== 'parsed') return outcome;
        command = outcome.parsed.command;
        break;
      }
      const { argument, inlineValue } = resolveFlag(spec, token);
      if (argument.kind === 'help') return { kind: 'help', text: argparseHelp(spec) };
      checkExclusive(spec, argument, seen);
      seen.add(argument);
      i = this.#take({ spec, argument, inlineValue }, args, i + 1);
    }
    if (spec.subcommands !== undefined && command === undefined) {
      throw new UsageError(spec, 'too few arguments');
    }
    checkRequired(spec, seen);
    return { kind: 'parsed', parsed: { values: this.#values, command } };
  }

  #parseSubcommand(spec: ArgparseSpec, token: string, rest: readonly string[]): ArgparseOutcome {
    const sub = spec.subcommands?.find((each) => each.command === token);
    if (sub === undefined) throw this.#unexpected(spec, token);
    const outcome = this.parse(sub, rest);
    if (outcome.kind !== 'parsed') return outcome;
    return {
      kind: 'parsed',
      parsed: { ...outcome.parsed, command: outcome.parsed.command ?? token },
    };
  }

  /** The next positional argument has all words up to the next option. */
  #takePositional(spec: ArgparseSpec, args: readonly string[], from: number): number {
    const next = spec.positionals?.find(({ name }) => !this.#values.has(name));
    if (next === undefined) throw this.#unexpected(spec, args[from] ?? '');
    const isSingle = next.count === 'one' || next.count === 'optional';
    let i = from;
    while (i < (isSingle ? from + 1 : args.length) && !isFlag(args[i] ?? '')) i += 1;
    this.#values.set(next.name, args.slice(from, i));
    return i;
  }

  #unexpected(spec: ArgparseSpec, token: string): UsageError {
    if (spec.subcommands === undefined) {
      return new UsageError(spec, `unrecognized arguments: '${token}'`);
    }
    const choices = spec.subcommands.map((each) => `'${each.command}'`).join(', ');
    return new UsageError(spec, `invalid choice: '${token}' (choose from ${choices})`);
  }

  #take(found: FoundFlag, args: readonly string[], from: number): number {
    const { spec, argument, inlineValue } = found;
    if (argument.kind === 'flag') {
      this.#add(argument, 'true');
      return from;
    }
    if (inlineValue !== undefined) {
      this.#add(argument, checkType(spec, argument, inlineValue));
      return from;
    }
    const limit = argument.kind === 'list' ? args.length : Math.min(args.length, from + 1);
    let i = from;
    while (i < limit && !isFlag(args[i] ?? '')) {
      this.#add(argument, checkType(spec, argument, args[i] ?? ''));
      i += 1;
    }
    if (i === from) {
      const wanted = argument.kind === 'list' ? 'at least one argument' : 'one argument';
      throw new UsageError(spec, `argument ${invocationOf(argument)}: expected ${wanted}`);
    }
    return i;
  }

  #add(argument: ArgparseArgument, value: string): void {
    const key = keyOf(argument);
    const isRepeatable = argument.kind === 'list' || argument.kind === 'append';
    if (isRepeatable) this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
    else this.#values.set(key, [value]);
  }
}

interface FoundFlag {
  readonly spec: ArgparseSpec;
  readonly argument: ArgparseArgument;
  readonly inlineValue: string | undefined;
}

function keyOf(argument: ArgparseArgument): string {
  const long = argument.names.find((name) => name.startsWith('--')) ?? argument.names[0] ?? '';
  return long.replace(/^-+/, '');
}

/** A negative number is a value, not an option (`--throughput -1`). */
function isFlag(token: string): boolean {
  return token.startsWith('-') && token !== '-' && !/^-\d+$/.test(token);
}

function resolveFlag(spec: ArgparseSpec, token: string): FoundFlag {
  const equals = token.indexOf('=');
  const name = equals === -1 ? token : token.slice(0, equals);
  const inlineValue = equals === -1 ? undefined : token.slice(equals + 1);
  const exact = spec.arguments.find((argument) => argument.names.includes(name));
  if (exact !== undefined) return { spec, argument: exact, inlineValue };
  const candidates = spec.arguments.flatMap((argument) =>
    argument.names
      .filter((each) => name.startsWith('--') && each.startsWith(name))
      .map((each) => ({ argument, each })),
  );
  const [first] = candidates;
  if (first === undefined) return resolveShort(spec, token);
  if (1 < candidates.length) {
    const names = candidates.map(({ each }) => each).join(', ');
    throw new UsageError(spec, `ambiguous option: ${name} could match ${names}`);
  }
  return { spec, argument: first.argument, inlineValue };
}

/** `-cFILE` gives the value in the same word. */
function resolveShort(spec: ArgparseSpec, token: string): FoundFlag {
  const short = token.startsWith('--') ? '' : token.slice(0, 2);
  const argument = spec.arguments.find((each) => each.names.includes(short));
  if (argument === undefined) {
    throw new UsageError(spec, `unrecognized arguments: '${token}'`);
  }
  return { spec, argument, inlineValue: token.length === 2 ? undefined : token.slice(2) };
}

function checkExclusive(
  spec: ArgparseSpec,
  argument: ArgparseArgument,
  seen: ReadonlySet<ArgparseArgument>,
): void {
  const sets = [...(spec.exclusive ?? []), ...(spec.alternatives ?? [])];
  const set = sets.find((names) => names.includes(argument.names[0] ?? ''));
  if (set === undefined) return;
  const other = [...seen].find((each) => each !== argument && set.includes(each.names[0] ?? ''));
  if (other === undefined) return;
  throw new UsageError(
    spec,
    `argument ${invocationOf(argument)}: not allowed with argument ${invocationOf(other)}`,
  );
}

function checkType(spec: ArgparseSpec, argument: ArgparseArgument, value: string): string {
  if (argument.type === undefined) return value;
  const limit = argument.type === 'Integer' ? 2n ** 31n : 2n ** 63n;
  const isNumber = /^[+-]?\d{1,19}$/.test(value);
  const number = isNumber ? BigInt(value.replace('+', '')) : undefined;
  if (number !== undefined && -limit <= number && number < limit) return value;
  throw new UsageError(
    spec,
    `argument ${invocationOf(argument)}: could not convert '${value}' to ${argument.type} (For input string: "${value}")`,
  );
}

/** Of several missing ones argparse4j names the last. */
function checkRequired(spec: ArgparseSpec, seen: ReadonlySet<ArgparseArgument>): void {
  const missing = spec.arguments.findLast((each) => each.required === true && !seen.has(each));
  if (missing !== undefined) {
    throw new UsageError(spec, `argument ${invocationOf(missing)} is required`);
  }
  for (const names of spec.exclusive ?? []) {
    if ([...seen].some((each) => names.includes(each.names[0] ?? ''))) continue;
    const options = spec.arguments.filter((each) => names.includes(each.names[0] ?? ''));
    const shown = options.map(invocationOf).join(' ');
    throw new UsageError(spec, `one of the arguments ${shown} is required`);
  }
}
