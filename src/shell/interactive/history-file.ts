import { FileError, readFile } from '../../base/file-system.ts';
import { resolvePath } from '../paths.ts';
import type { Environment } from '../runtime/environment.ts';

/** Lines that are kept. */
export const historyMax = 1000;

function historyPath(env: Environment): string | undefined {
  const home = env.variables.get('HOME');
  const path =
    env.variables.get('HISTFILE') ?? (home === undefined ? undefined : `${home}/.bash_history`);
  return path === undefined ? undefined : resolvePath(env.cwd, path);
}

export async function loadHistory(env: Environment): Promise<void> {
  const path = historyPath(env);
  if (path === undefined) return;
  try {
    const text = new TextDecoder().decode(await readFile(env.host.files, path));
    const lines = text.split('\n').filter((line) => line !== '');
    env.session.history.push(...lines.slice(-historyMax));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** Keeps a line at once, so that a tab that is closed loses none. A history that cannot be written is no error. */
export async function rememberLine(env: Environment, line: string): Promise<void> {
  const { history } = env.session;
  const entry = line.trimEnd();
  if (entry === '' || entry.startsWith(' ') || history.at(-1) === entry) return;
  history.push(entry);
  if (historyMax < history.length) history.shift();
  const path = historyPath(env);
  if (path === undefined) return;
  try {
    await append(env, path, `${entry.replaceAll('\n', '; ')}\n`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

async function append(env: Environment, path: string, text: string): Promise<void> {
  const { files } = env.host;
  const isThere = (await files.stat(path)) !== undefined;
  const file = isThere ? await files.open(path) : files.create(path);
  file.write(file.sizeBytes, [new TextEncoder().encode(text)]);
  await file.close();
}

/** `!!`, `!n`, `!-n`, `!text` as bash expands them; undefined where there is no such line. */
export function expandHistory(line: string, history: readonly string[]): string | undefined {
  if (!line.includes('!')) return line;
  let isMissing = false;
  const quoted = /'[^']*'|\\.|(?<![[$\w{])!(!|-?\d+|[A-Za-z./][\w./-]*)/g;
  const expanded = line.replace(quoted, (all, event: string | undefined) => {
    if (event === undefined) return all;
    const found = findEvent(event, history);
    if (found === undefined) isMissing = true;
    return found ?? all;
  });
  return isMissing ? undefined : expanded;
}

function findEvent(event: string, history: readonly string[]): string | undefined {
  if (event === '!') return history.at(-1);
  if (/^-?\d+$/.test(event)) {
    const number = Number(event);
    return number < 0 ? history.at(number) : history[number - 1];
  }
  return history.findLast((line) => line.startsWith(event));
}
