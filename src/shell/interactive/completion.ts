import { FileError } from '../../base/file-system.ts';
import { sleep } from '../../base/scheduler.ts';
import { joinPath, resolvePath } from '../paths.ts';
import type { Environment } from '../runtime/environment.ts';
import { parameterValue } from '../runtime/parameters.ts';
import { quoteBackslash } from '../runtime/quoting.ts';
import type { Completion } from './line-editor.ts';

/** Asking for topics takes no longer than this. */
const topicsTimeoutMs = 500;

interface Candidate {
  /** What is inserted, unquoted. */
  readonly value: string;
  /** What is listed. */
  readonly label: string;
  /** A folder or a half word: no blank follows. */
  readonly isPartial?: boolean;
}

/** Completes the word before the cursor: commands, variables, files, machines, Kafka topics. */
export async function completeWord(env: Environment, before: string): Promise<Completion> {
  const { word, isFirst, previous } = currentWord(before);
  const candidates = await candidatesFor(env, {
    word: unquote(word),
    isFirst,
    previous,
    line: before,
  });
  const length = [...word].length;
  const [first] = candidates;
  if (first === undefined) return { replacement: '', length, candidates: [] };
  const labels = candidates.map(({ label }) => label);
  if (candidates.length === 1) {
    const replacement = quoteWord(first.value) + (first.isPartial === true ? '' : ' ');
    return { replacement, length, candidates: labels };
  }
  const common = commonPrefix(candidates.map(({ value }) => value));
  const isLonger = unquote(word).length < common.length;
  return { replacement: isLonger ? quoteWord(common) : '', length, candidates: labels };
}

interface Place {
  readonly word: string;
  readonly isFirst: boolean;
  /** The word before. */
  readonly previous: string;
  readonly line: string;
}

function currentWord(before: string): Omit<Place, 'line'> {
  const segment = before.split(/(?:&&|\|\||[;|&(\n]|\$\()/).at(-1) ?? '';
  const words = segment.match(/(?:[^\s\\"'<>]|\\.|"(?:[^"\\]|\\.)*"?|'[^']*'?)+/g) ?? [];
  const isOpen = /\S$/.test(segment) && !/[<>]$/.test(segment);
  const word = isOpen ? (words.at(-1) ?? '') : '';
  const others = (isOpen ? words.slice(0, -1) : words).filter((other) => !/^\w+=/.test(other));
  const isAfterRedirection = /[<>]\s*\S*$/.test(segment);
  const isFirst = others.every((other) => prefixes.includes(other)) && !isAfterRedirection;
  return { word, isFirst, previous: others.at(-1) ?? '' };
}

/** Words after which a command comes. */
const prefixes = [
  'sudo',
  'time',
  'nohup',
  'watch',
  'xargs',
  'exec',
  'then',
  'do',
  'else',
  'if',
  'while',
  '!',
  '{',
  'man',
  'which',
  'type',
];

async function candidatesFor(env: Environment, place: Place): Promise<readonly Candidate[]> {
  const { word, previous, isFirst, line } = place;
  if (word.startsWith('$')) return variableCandidates(env, word);
  if (/^--(topic|include-topic)$/.test(previous)) return plain(await topics(env), word);
  if (word.startsWith('--topic='))
    return plain(
      (await topics(env)).map((name) => `--topic=${name}`),
      word,
    );
  if (isFirst && !/[/~]/.test(word)) return plain(await commandNames(env), word);
  if (/^\s*(ssh|scp)\s/.test(line) && !word.includes('/')) {
    const machines = env.host.machines.names;
    const found = plain(/^\s*scp/.test(line) ? machines.map((name) => `${name}:`) : machines, word);
    if (0 < found.length)
      return found.map((candidate) => ({ ...candidate, isPartial: candidate.value.endsWith(':') }));
  }
  if (/^%/.test(word) || previous === 'fg' || previous === 'bg') {
    return plain(
      env.session.jobs.list().map(({ id }) => `%${id}`),
      word,
    );
  }
  return fileCandidates(env, word, /^\s*(cd|rmdir|pushd)\s/.test(line));
}

function plain(values: readonly string[], word: string): Candidate[] {
  return [...new Set(values)]
    .filter((value) => value.startsWith(word))
    .sort()
    .map((value) => ({ value, label: value }));
}

function variableCandidates(env: Environment, word: string): Candidate[] {
  const brace = word.startsWith('${') ? '${' : '$';
  return plain(
    env.variables.names().map((name) => brace + name + (brace === '${' ? '}' : '')),
    word,
  );
}

async function topics(env: Environment): Promise<readonly string[]> {
  const asked = env.host.completeTopics?.().catch(() => []);
  if (asked === undefined) return [];
  const stop = new AbortController();
  const late = sleep(env.host.scheduler, topicsTimeoutMs, stop.signal).then((): string[] => []);
  const found = await Promise.race([asked, late]);
  stop.abort();
  return found;
}

async function commandNames(env: Environment): Promise<string[]> {
  const { session, host } = env;
  const names = [
    ...session.builtins.keys(),
    ...session.executables.commandNames,
    ...host.executableNames,
    ...env.functions.keys(),
    ...env.aliases.keys(),
  ];
  for (const directory of (parameterValue(env, 'PATH') ?? '').split(':')) {
    for (const { name, kind } of await listQuietly(env, resolvePath(env.cwd, directory))) {
      if (kind === 'file') names.push(name);
    }
  }
  return names;
}

async function listQuietly(env: Environment, path: string) {
  try {
    return await env.host.files.list(path);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

async function fileCandidates(
  env: Environment,
  word: string,
  onlyFolders: boolean,
): Promise<Candidate[]> {
  // `--config=fi` and `worker2:fi` complete what comes after the sign.
  const sign = /^(?:--?[\w-]+=|[\w-]+:)/.exec(word)?.[0] ?? '';
  const path = word.slice(sign.length);
  const slash = path.lastIndexOf('/') + 1;
  const [folder, start] = [path.slice(0, slash), path.slice(slash)];
  const home = parameterValue(env, 'HOME') ?? '/';
  const place = folder.startsWith('~/') ? joinPath(home, folder.slice(2)) : folder;
  const entries = await listQuietly(env, resolvePath(env.cwd, place || '.'));
  return entries
    .filter(({ name, kind }) => {
      if (!name.startsWith(start) || (onlyFolders && kind !== 'directory')) return false;
      return start !== '' || !name.startsWith('.');
    })
    .map(({ name, kind }) => {
      const mark = kind === 'directory' ? '/' : '';
      return {
        value: `${sign}${folder}${name}${mark}`,
        label: name + mark,
        isPartial: kind === 'directory',
      };
    });
}

function commonPrefix(values: readonly string[]): string {
  let prefix = values[0] ?? '';
  for (const value of values) while (!value.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

function unquote(word: string): string {
  return word.replace(/\\(.)/g, '$1').replace(/["']/g, '');
}

function quoteWord(text: string): string {
  if (text.startsWith('$')) return text;
  const tilde = text.startsWith('~/') ? '~' : '';
  return tilde + quoteBackslash(text.slice(tilde.length));
}
