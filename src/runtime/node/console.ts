import { format, inspect } from './inspect.ts';
import { theProcess } from './node-process.ts';

/** `console`, to the program's stdout and stderr. */
export function createConsole(): object {
  let indent = '';
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  const line = (isError: boolean, values: readonly unknown[]) => {
    const text = format(...values).replace(/^/gm, indent);
    const { stdout, stderr } = theProcess();
    (isError ? stderr : stdout).write(`${text}\n`);
  };
  const log = (...values: unknown[]) => line(false, values);
  const error = (...values: unknown[]) => line(true, values);
  const elapsed = (label: string) => {
    const startMs = timers.get(label);
    return startMs === undefined
      ? undefined
      : `${label}: ${(performance.now() - startMs).toFixed(3)}ms`;
  };
  return {
    log,
    info: log,
    debug: log,
    error,
    warn: error,
    trace: (...values: unknown[]) => error('Trace:', ...values),
    dir: (value: unknown, options?: object) => log(inspect(value, options)),
    table: (rows: unknown) => log(shownTable(rows)),
    assert: (isTrue: unknown, ...values: unknown[]) => {
      if (!isTrue) error('Assertion failed', ...values);
    },
    group: (...values: unknown[]) => {
      if (0 < values.length) log(...values);
      indent += '  ';
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => counts.delete(label),
    time: (label = 'default') => timers.set(label, performance.now()),
    timeLog: (label = 'default', ...values: unknown[]) => log(elapsed(label) ?? label, ...values),
    timeEnd: (label = 'default') => {
      const text = elapsed(label);
      if (text !== undefined) log(text);
      timers.delete(label);
    },
  };
}

/** `console.table` with box lines, as Node draws it. */
function shownTable(rows: unknown): string {
  if (typeof rows !== 'object' || rows === null) return format(rows);
  const entries = Object.entries(rows as Record<string, unknown>);
  const columns = [...new Set(entries.flatMap(([, row]) => columnsOf(row)))];
  const header = ['(index)', ...columns];
  const body = entries.map(([index, row]) => [
    index,
    ...columns.map((column) => {
      if (typeof row !== 'object' || row === null) return column === 'Values' ? inspect(row) : '';
      const value = (row as Record<string, unknown>)[column];
      return value === undefined ? '' : inspect(value, { depth: 0 });
    }),
  ]);
  const widths = header.map((name, at) =>
    Math.max(name.length, ...body.map((cells) => cells[at]?.length ?? 0)),
  );
  const bars = widths.map((width) => '─'.repeat(width + 2));
  const row = (cells: readonly string[]) =>
    `│ ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' │ ')} │`;
  return [
    `┌${bars.join('┬')}┐`,
    row(header),
    `├${bars.join('┼')}┤`,
    ...body.map(row),
    `└${bars.join('┴')}┘`,
  ].join('\n');
}

function columnsOf(row: unknown): string[] {
  return typeof row === 'object' && row !== null ? Object.keys(row) : ['Values'];
}
