export interface ShellArguments {
  /** After `-c`. */
  readonly command?: string;
  readonly script?: string;
  /** `$0`. */
  readonly name?: string;
  readonly positional: readonly string[];
  /** Letters of `set`, such as `e`. */
  readonly letters: string;
  /** Names after `-o`. */
  readonly named: readonly string[];
  readonly isInteractive: boolean;
  readonly isLogin: boolean;
}

/** Reads bash's own arguments; a text is the message of what is wrong. */
export function parseShellArguments(args: readonly string[]): ShellArguments | string {
  let letters = '';
  const named: string[] = [];
  let at = 0;
  while (/^-./.test(args[at] ?? '') && args[at] !== '--') {
    const arg = args[at++] ?? '';
    if (isRefused(arg)) return `${arg}: invalid option`;
    letters += lettersOf(arg);
    if (takesName(arg)) named.push(args[at++] ?? '');
  }
  const isSeparator = args[at] === '--' || args[at] === '-';
  return withOperands({ letters, named }, args.slice(isSeparator ? at + 1 : at));
}

function isRefused(arg: string): boolean {
  return arg.startsWith('--') && !/^--(login|norc|noprofile|posix)$/.test(arg);
}

function lettersOf(arg: string): string {
  if (arg.startsWith('--')) return arg === '--login' ? 'l' : '';
  return arg.slice(1).replace('o', '');
}

/** `-o pipefail`, `-eo pipefail`. */
function takesName(arg: string): boolean {
  return !arg.startsWith('--') && arg.includes('o');
}

function withOperands(
  { letters, named }: { letters: string; named: readonly string[] },
  rest: readonly string[],
): ShellArguments | string {
  const base = {
    letters,
    named,
    isInteractive: letters.includes('i'),
    isLogin: letters.includes('l'),
  };
  const [first, second, ...others] = rest;
  if (letters.includes('c')) {
    if (first === undefined) return '-c: option requires an argument';
    return { ...base, command: first, name: second ?? 'bash', positional: others };
  }
  if (first === undefined || letters.includes('s')) return { ...base, positional: rest };
  return { ...base, script: first, name: first, positional: rest.slice(1) };
}
