import type { PerfRun } from './perf-run.ts';

/** Settings of a run by Kafka's names: `acks`, `batch.size`, `record-size`, `fetch-size` … */
export type PerfSettings = Readonly<Record<string, string>>;

/** Reads a perf tool's command line; what says where and what, not how, is left out. */
export function perfSettings(command: string): PerfSettings {
  const settings: Record<string, string> = {};
  let option = '';
  for (const word of splitWords(command)) {
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=(.*)/s);
      option = fullName(name);
      if (value !== undefined) settings[option] = value;
    } else if (option === 'producer-props') {
      const [name = '', value = ''] = word.split(/=(.*)/s);
      settings[name] = value;
    } else if (option !== '') {
      settings[option] = word;
      option = '';
    }
  }
  for (const name of ignored) delete settings[name];
  return settings;
}

/**
 * A short name for each run: the settings in which the runs differ from one another, or all of them
 * when there is only one run.
 */
export function runLabels(runs: readonly PerfRun[]): string[] {
  const all = runs.map((run) => perfSettings(run.command));
  const names = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  const differing = names.filter(
    (name) => new Set(all.map((settings) => settings[name] ?? '')).size > 1,
  );
  const telling = names.filter((name) => all[0]?.[name] !== '-1');
  const shown = differing.length > 0 ? differing : telling;
  return all.map((settings) => label(settings, shown));
}

function label(settings: PerfSettings, names: readonly string[]): string {
  const parts = names
    .filter((name) => settings[name] !== undefined)
    .map((name) => `${name}=${settings[name]}`);
  return parts.length > 0 ? parts.join(' ') : '—';
}

const ignored = [
  'bootstrap.servers',
  'bootstrap-server',
  'topic',
  'num-records',
  'messages',
  'timeout',
  'group',
];
const options = [
  'topic',
  'num-records',
  'record-size',
  'payload-file',
  'throughput',
  'producer-props',
  'producer.config',
  'print-metrics',
  'bootstrap-server',
  'messages',
  'group',
  'fetch-size',
  'timeout',
  'from-latest',
  'socket-buffer-size',
];

/** The tool's parser takes any unambiguous beginning of an option (`--num-record`). */
function fullName(name: string): string {
  if (options.includes(name)) return name;
  const candidates = options.filter((candidate) => candidate.startsWith(name));
  return candidates.length === 1 ? (candidates[0] ?? name) : name;
}

function splitWords(command: string): string[] {
  const words = command.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  const end = words.findIndex((word) => /^[|;&>]/.test(word));
  return words.slice(0, end === -1 ? undefined : end).map((word) => word.replaceAll(/["']/g, ''));
}
