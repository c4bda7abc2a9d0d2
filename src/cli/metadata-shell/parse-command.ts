import type { ShellCommand } from './shell-command.ts';

export type ParsedCommand =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly command: ShellCommand; readonly args: readonly string[] }
  | { readonly kind: 'error'; readonly message: string };

/** Words to a command, with the messages of argparse4j. */
export function parseCommand(
  commands: readonly ShellCommand[],
  words: readonly string[],
): ParsedCommand {
  const end = words.findLastIndex((word) => word !== '') + 1;
  const [name, ...rest] = words.slice(0, end);
  if (name === undefined) return { kind: 'nothing' };
  if (isFlag(name)) return error(`unrecognized arguments: '${name}'`);
  const matches = commands.filter((each) => each.name.startsWith(name));
  const command = matches.find((each) => each.name === name) ?? matches[0];
  if (command === undefined) return error(invalidChoice(commands, name));
  if (command.name !== name && 1 < matches.length) {
    const names = matches.map((each) => each.name).join(', ');
    return error(`ambiguous command: ${name} could match ${names}`);
  }
  const taken = takeArguments(command, rest);
  if (typeof taken === 'string') return error(taken);
  if (command.name !== name) {
    return error(`invalid choice: '${name}': did you mean '${command.name}'?`);
  }
  return { kind: 'command', command, args: taken };
}

/** Words of a line: blanks part them, quotes and backslashes hold them together, as in JLine. */
export function splitWords(line: string): readonly string[] {
  const words = line.match(/(?:[^\s\\"']|\\.|"[^"]*"?|'[^']*'?|\\$)+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /\\(.)|"([^"]*)"?|'([^']*)'?/g,
      (_, escaped = '', double = '', single = '') =>
        String(escaped) + String(double) + String(single),
    ),
  );
}

function error(message: string): ParsedCommand {
  return { kind: 'error', message };
}

function invalidChoice(commands: readonly ShellCommand[], name: string): string {
  const choices = commands.map((each) => `'${each.name}'`).join(', ');
  return `invalid choice: '${name}' (choose from ${choices})`;
}

/** The arguments, or what is wrong with them. */
function takeArguments(
  { argument }: ShellCommand,
  words: readonly string[],
): readonly string[] | string {
  const dashes = words.indexOf('--');
  const plain = dashes === -1 ? words : words.slice(0, dashes);
  const args = dashes === -1 ? words : [...plain, ...words.slice(dashes + 1)];
  const flag = plain.find(isFlag);
  const max = maxCount(argument?.count);
  const surplus = args[max];
  if (flag !== undefined && plain.indexOf(flag) <= max) return `unrecognized arguments: '${flag}'`;
  if (surplus !== undefined) return `unrecognized arguments: '${surplus}'`;
  const isNeeded = argument?.count === 'one' || argument?.count === 'some';
  if (isNeeded && args.length === 0) return 'too few arguments';
  const word = args[0];
  if (argument?.type === 'Integer' && word !== undefined && !isInteger(word)) {
    return `argument ${argument.name}: could not convert '${word}' to Integer (For input string: "${word}")`;
  }
  return args;
}

function maxCount(count: 'one' | 'optional' | 'any' | 'some' | undefined): number {
  if (count === undefined) return 0;
  return count === 'any' || count === 'some' ? Number.MAX_SAFE_INTEGER : 1;
}

function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-' && !/^-\d+$/.test(word);
}

function isInteger(word: string): boolean {
  return /^[+-]?\d{1,10}$/.test(word) && Math.abs(Number(word)) < 2 ** 31;
}
