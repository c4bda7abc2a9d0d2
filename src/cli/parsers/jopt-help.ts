import type { JoptOption } from './jopt-parser.ts';
import { lineBreakPieces } from './line-breaks.ts';

const overallWidth = 80;
const separator = '  ';

/** The option table that Kafka's tools print, as jopt-simple's BuiltinHelpFormatter lays it out. */
export function joptHelp(options: readonly JoptOption[]): string {
  const sorted = options.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const hasRequired = options.some((option) => option.required === true);
  const rows: [string, string][] = [
    [hasRequired ? 'Option (* = required)' : 'Option', 'Description'],
    [hasRequired ? '---------------------' : '------', '-----------'],
    ...sorted.map((option): [string, string] => [leftCell(option), rightCell(option)]),
  ];
  const leftWidth = Math.min(39, Math.max(...rows.map(([left]) => left.length)));
  const rightWidth = Math.min(
    overallWidth - leftWidth - separator.length,
    Math.max(...rows.map(([, right]) => right.length)),
  );
  const lines = rows.flatMap(([left, right]) => {
    const lefts = wrapCell(left, leftWidth);
    const rights = wrapCell(right, rightWidth);
    const height = Math.max(lefts.length, rights.length);
    return Array.from({ length: height }, (_, i) => [lefts[i] ?? '', rights[i] ?? ''] as const);
  });
  const leftFitted = Math.max(...lines.map(([left]) => left.length));
  const rightFitted = Math.max(...lines.map(([, right]) => right.length));
  return lines
    .map(([left, right]) => `${left.padEnd(leftFitted)}${separator}${right.padEnd(rightFitted)}\n`)
    .join('');
}

function nameOf(option: JoptOption): string {
  return option.names[0] ?? '';
}

function leftCell(option: JoptOption): string {
  const names = option.names.map((name) => (1 < name.length ? `--${name}` : `-${name}`)).join(', ');
  const marked = option.required === true ? `* ${names}` : names;
  if (option.argument === undefined) return marked;
  const type = option.type ?? 'String';
  const inner = option.argumentName === undefined ? type : `${type}: ${option.argumentName}`;
  return option.argument === 'required' ? `${marked} <${inner}>` : `${marked} [${inner}]`;
}

function rightCell(option: JoptOption): string {
  if (option.defaultValue === undefined) return option.description;
  return `${option.description} (default: ${option.defaultValue})`.trim();
}

function wrapCell(text: string, width: number): string[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const pieces: string[] = [];
  let current = '';
  for (const word of lineBreakPieces(line)) {
    if (current.length + word.length <= width) {
      current += word;
      continue;
    }
    pieces.push(current.trimEnd());
    current = `  ${word}`;
  }
  if (current !== '') pieces.push(current);
  return pieces;
}
