import type { ArgparseArgument, ArgparsePositional, ArgparseSpec } from './argparse-spec.ts';
import { lineBreakPieces } from './line-breaks.ts';

const lineWidth = 75;
const helpColumn = 25;
const invocationWidth = 21;

/** The usage block of argparse4j, each line ended. */
export function argparseUsage(spec: ArgparseSpec): string {
  const head = `usage: ${spec.program} `;
  // A subcommand's lines are indented as its parent's are.
  const [parentProgram = ''] = spec.program.split(' ');
  const indent = ' '.repeat(`usage: ${parentProgram} `.length);
  let usage = head;
  let width = head.length;
  let isFirst = true;
  for (const piece of usagePieces(spec)) {
    if (!isFirst && lineWidth < width + 1 + piece.length) {
      usage += `\n${indent}`;
      width = indent.length;
      isFirst = true;
    }
    usage += isFirst ? piece : ` ${piece}`;
    width += piece.length + (isFirst ? 0 : 1);
    isFirst = false;
  }
  return `${usage.trimEnd()}\n`;
}

/** What `--help` prints. */
export function argparseHelp(spec: ArgparseSpec): string {
  const description = spec.description === undefined ? '' : `\n${wrap(spec.description, 0, '')}\n`;
  const inGroups = new Set((spec.groups ?? []).flatMap((group) => group.names));
  const plain = spec.arguments.filter((argument) => !inGroups.has(argument.names[0] ?? ''));
  const rows = plain.map((each) => argumentRow(spec, each)).join('');
  const optional = rows === '' ? '' : `\noptional arguments:\n${rows}`;
  return `${argparseUsage(spec)}${description}${positionalSection(spec)}${optional}${groupSections(spec)}`;
}

function positionalSection(spec: ArgparseSpec): string {
  const subcommands = spec.subcommands ?? [];
  const positionals = spec.positionals ?? [];
  if (subcommands.length === 0 && positionals.length === 0) return '';
  const rows = [
    ...positionals.map(({ name, help }) => helpRow(`  ${name}`, help)),
    ...(subcommands.length === 0 ? [] : [helpRow(`  ${subcommandChoices(spec)}`, '')]),
    ...subcommands.map((sub) => helpRow(`    ${sub.command}`, sub.help ?? '')),
  ];
  return `\npositional arguments:\n${rows.join('')}`;
}

/** `program: error: message`, justified as argparse4j prints it. */
export function argparseErrorText(program: string, message: string): string {
  return `${wrap(`${program}: error: ${message}\n`, 0, '')}`;
}

export function invocationOf(argument: ArgparseArgument): string {
  return argument.names.join('/');
}

export function metavarOf(argument: ArgparseArgument): string {
  return (
    argument.metavar ??
    (argument.names[0] ?? '').replace(/^-+/, '').replaceAll('-', '_').toUpperCase()
  );
}

function usagePieces(spec: ArgparseSpec): string[] {
  const exclusive = new Set([...(spec.exclusive ?? []), ...(spec.alternatives ?? [])].flat());
  const pieces: string[] = [];
  // A subcommand's usage repeats what its parent requires before the command's name.
  if (spec.parent !== undefined) pieces.push(...parentPieces(spec.parent), spec.command ?? '');
  for (const argument of spec.arguments) {
    if (exclusive.has(argument.names[0] ?? '')) continue;
    const text = usageOf(argument);
    pieces.push(argument.required === true ? text : `[${text}]`);
  }
  pieces.push(...exclusivePieces(spec), ...alternativePieces(spec));
  pieces.push(...(spec.positionals ?? []).map(positionalUsage));
  if (spec.subcommands !== undefined) pieces.push(subcommandChoices(spec), '...');
  return pieces;
}

function positionalUsage({ name, count }: ArgparsePositional): string {
  switch (count) {
    case 'one':
      return name;
    case 'optional':
      return `[${name}]`;
    case 'any':
      return `[${name} [${name} ...]]`;
    case 'some':
      return `${name} [${name} ...]`;
  }
}

function parentPieces(parent: ArgparseSpec): string[] {
  const required = parent.arguments.filter((argument) => argument.required === true).map(usageOf);
  return [...required, ...exclusivePieces(parent)];
}

function exclusivePieces(spec: ArgparseSpec): string[] {
  return (spec.exclusive ?? []).flatMap((names) => setPieces(spec, names, ['(', ')']));
}

function alternativePieces(spec: ArgparseSpec): string[] {
  return (spec.alternatives ?? []).flatMap((names) => setPieces(spec, names, ['[', ']']));
}

function setPieces(
  spec: ArgparseSpec,
  names: readonly string[],
  [open, close]: readonly [string, string],
): string[] {
  return names.map((name, i) => {
    const argument = spec.arguments.find((each) => each.names[0] === name);
    const text = argument === undefined ? name : usageOf(argument);
    const opened = i === 0 ? `${open}${text}` : text;
    return i === names.length - 1 ? `${opened}${close}` : `${opened} |`;
  });
}

function usageOf(argument: ArgparseArgument): string {
  const name = argument.names[0] ?? '';
  const values = valueText(argument);
  return values === '' ? name : `${name} ${values}`;
}

function valueText(argument: ArgparseArgument): string {
  if (argument.kind === 'flag' || argument.kind === 'help') return '';
  const metavar = metavarOf(argument);
  return argument.kind === 'list' ? `${metavar} [${metavar} ...]` : metavar;
}

function subcommandChoices(spec: ArgparseSpec): string {
  return `{${(spec.subcommands ?? []).map((sub) => sub.command).join(',')}}`;
}

function groupSections(spec: ArgparseSpec): string {
  return (spec.groups ?? [])
    .map((group) => {
      const rows = spec.arguments
        .filter((argument) => group.names.includes(argument.names[0] ?? ''))
        .map((argument) => argumentRow(spec, argument))
        .join('');
      const title = group.title === undefined ? '' : `${group.title}:\n`;
      const text = group.description === undefined ? '' : `  ${group.description}\n\n`;
      return `\n${title}${text}${rows}`;
    })
    .join('');
}

function argumentRow(spec: ArgparseSpec, argument: ArgparseArgument): string {
  const values = valueText(argument);
  const names = argument.names.map((name) => (values === '' ? name : `${name} ${values}`));
  const shown = spec.showsDefaults === true ? shownDefault(argument) : undefined;
  const help = shown === undefined ? argument.help : `${argument.help} (default: ${shown})`;
  return helpRow(`  ${names.join(', ')}`, help);
}

function shownDefault(argument: ArgparseArgument): string | undefined {
  if (argument.kind === 'flag') return 'false';
  return argument.defaultValue;
}

function helpRow(title: string, help: string): string {
  if (help === '') return `${title}\n`;
  const indent = ' '.repeat(helpColumn);
  const fits = title.length <= invocationWidth + 2;
  const lead = fits ? title.padEnd(helpColumn) : `${title}\n${indent}`;
  return `${lead}${wrap(help, helpColumn, indent)}\n`;
}

/** argparse4j's TextHelper.wrap: full lines are justified, the last one is not. */
function wrap(text: string, offset: number, indent: string): string {
  let result = '';
  let line = '';
  let width = offset;
  for (const piece of lineBreakPieces(text)) {
    width += piece.length;
    if (lineWidth < width) {
      result += `${justify(line, width - piece.length)}\n${indent}`;
      line = '';
      width = indent.length + piece.length;
    }
    line += piece;
    if (!piece.endsWith('\n')) continue;
    result += line + indent;
    line = '';
    width = indent.length;
  }
  return result + line;
}

function justify(line: string, width: number): string {
  const trimmed = line.replace(/^ +| +$/g, '');
  const gaps = trimmed.split(/(?<= )(?! )/).length - 1;
  if (gaps === 0) return trimmed;
  const missing = lineWidth - (width - (line.length - trimmed.length));
  const each = Math.floor(missing / gaps);
  const rest = missing % gaps;
  // The gaps in the middle of the line get the odd spaces.
  const from = Math.floor((gaps - rest + 1) / 2);
  let gap = 0;
  return trimmed.replace(/ +/g, (spaces) => {
    const extra = from <= gap && gap < from + rest ? 1 : 0;
    gap += 1;
    return spaces + ' '.repeat(each + extra);
  });
}
