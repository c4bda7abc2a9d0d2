/** An option as jopt-simple knows it. */
export interface JoptOption {
  readonly names: readonly string[];
  readonly description: string;
  /** Absent: a flag. */
  readonly argument?: 'required' | 'optional';
  /** Shown in the table; `Integer` and `Long` are also checked. */
  readonly type?: string;
  readonly argumentName?: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
}

/** What a command line says wrongly; the message is jopt-simple's. */
export class JoptError extends Error {
  override readonly name = 'JoptError';
  /** The Java exception's class, which some tools print before the message. */
  readonly javaName: string;
  constructor(javaName: string, message: string) {
    super(message);
    this.javaName = `joptsimple.${javaName}`;
  }
}

/** A parsed command line. */
export class JoptOptionSet {
  readonly #options: ReadonlyMap<string, JoptOption>;
  readonly #values: ReadonlyMap<JoptOption, string[]>;
  readonly nonOptions: readonly string[];

  constructor(
    options: ReadonlyMap<string, JoptOption>,
    values: ReadonlyMap<JoptOption, string[]>,
    nonOptions: readonly string[],
  ) {
    this.#options = options;
    this.#values = values;
    this.nonOptions = nonOptions;
  }

  /** True when the option was given, with or without an argument. */
  has(name: string): boolean {
    const option = this.#options.get(name);
    return option !== undefined && this.#values.has(option);
  }

  /** First names of all options that were given, in the order of the command line. */
  given(): readonly string[] {
    return [...this.#values.keys()].flatMap(({ names }) => names[0] ?? []);
  }

  /** The given arguments, else the default as the only one. Throws JoptError for a number that is none. */
  valuesOf(name: string): readonly string[] {
    const option = this.#options.get(name);
    if (option === undefined) return [];
    const given = this.#values.get(option) ?? [];
    for (const value of given) checkType(option, value);
    if (0 < given.length) return given;
    return option.defaultValue === undefined ? [] : [option.defaultValue];
  }

  /** The one argument or the default. Throws JoptError when several were given. */
  valueOf(name: string): string | undefined {
    const values = this.valuesOf(name);
    if (1 < values.length) {
      throw new JoptError(
        'MultipleArgumentsForOptionException',
        `Found multiple arguments for option ${name}, but you asked for only one`,
      );
    }
    return values[0];
  }

  numberOf(name: string): number | undefined {
    const value = this.valueOf(name);
    return value === undefined ? undefined : Number(value);
  }
}

/** Parses as jopt-simple without abbreviations does: `--name value`, `--name=value`, `-name value`, `--`. */
export function parseJopt(options: readonly JoptOption[], args: readonly string[]): JoptOptionSet {
  const byName = new Map(options.flatMap((option) => option.names.map((name) => [name, option])));
  const values = new Map<JoptOption, string[]>();
  const nonOptions: string[] = [];
  let i = 0;
  while (i < args.length) {
    const token = args[i++] ?? '';
    if (token === '--') {
      nonOptions.push(...args.slice(i));
      break;
    }
    if (!looksLikeOption(token)) {
      nonOptions.push(token);
      continue;
    }
    const { option, inlineValue } = resolve(byName, token);
    const given = values.get(option) ?? [];
    values.set(option, given);
    i = takeArgument({ option, inlineValue, given }, args, i);
  }
  checkRequired(options, values);
  return new JoptOptionSet(byName, values, nonOptions);
}

function looksLikeOption(token: string): boolean {
  return token.startsWith('-') && token !== '-';
}

interface Match {
  readonly option: JoptOption;
  readonly inlineValue: string | undefined;
}

function resolve(byName: ReadonlyMap<string, JoptOption>, token: string): Match {
  const body = token.replace(/^--?/, '');
  const equals = body.indexOf('=');
  const name = equals === -1 ? body : body.slice(0, equals);
  const option = byName.get(name);
  if (option !== undefined) {
    return { option, inlineValue: equals === -1 ? undefined : body.slice(equals + 1) };
  }
  // A one-dash word that is no option is read as a cluster of one-letter options.
  const unknown = token.startsWith('--') ? name : name.slice(0, 1);
  throw new JoptError('UnrecognizedOptionException', `${unknown} is not a recognized option`);
}

function takeArgument(
  match: Match & { readonly given: string[] },
  args: readonly string[],
  next: number,
): number {
  const { option, inlineValue, given } = match;
  if (option.argument === undefined) return next;
  if (inlineValue !== undefined && inlineValue !== '') {
    given.push(inlineValue);
    return next;
  }
  const token = args[next];
  if (option.argument === 'required') {
    if (token === undefined) {
      throw new JoptError(
        'OptionMissingRequiredArgumentException',
        `Option ${option.names.join('/')} requires an argument`,
      );
    }
    given.push(token);
    return next + 1;
  }
  if (token === undefined || looksLikeOption(token)) return next;
  given.push(token);
  return next + 1;
}

function checkType(option: JoptOption, value: string): void {
  if (option.type !== 'Integer' && option.type !== 'Long') return;
  const limit = option.type === 'Integer' ? 2n ** 31n : 2n ** 63n;
  if (/^[+-]?\d{1,19}$/.test(value)) {
    const number = BigInt(value.replace('+', ''));
    if (-limit <= number && number < limit) return;
  }
  throw new JoptError(
    'OptionArgumentConversionException',
    `Cannot parse argument '${value}' of option ${option.names.join('/')}`,
  );
}

function checkRequired(
  options: readonly JoptOption[],
  values: ReadonlyMap<JoptOption, string[]>,
): void {
  const missing = options.filter((option) => option.required === true && !values.has(option));
  if (missing.length === 0) return;
  const names = missing.map((option) => option.names.join('/')).join(', ');
  throw new JoptError('MissingRequiredOptionsException', `Missing required option(s) [${names}]`);
}
