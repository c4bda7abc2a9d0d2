import type { Completion } from '../../shell/interactive/line-editor.ts';
import { sortedChildNames } from './metadata-node.ts';
import { findNodes } from './path-glob.ts';
import type { ShellState } from './shell-command.ts';
import { shellCommands } from './shell-commands.ts';

interface Candidate {
  readonly value: string;
  /** A folder: no blank follows. */
  readonly isPartial: boolean;
}

/** Commands after whose name a path stands. */
const pathCommands: ReadonlySet<string> = new Set(['cat', 'cd', 'find', 'ls', 'tree']);

/** Completes the word before the cursor: names of commands first, then paths; after `man` a command again. */
export function completeLine(session: ShellState, before: string): Completion {
  const words = before.trimStart().split(/\s+/);
  const word = words.at(-1) ?? '';
  const candidates = candidatesFor(session, words, word);
  const labels = candidates.map(({ value }) =>
    value.slice(value.replace(/\/$/, '').lastIndexOf('/') + 1),
  );
  const length = [...word].length;
  const [first] = candidates;
  if (first === undefined) return { replacement: '', length, candidates: [] };
  if (candidates.length === 1) {
    return { replacement: first.value + (first.isPartial ? '' : ' '), length, candidates: labels };
  }
  const common = commonPrefix(candidates.map(({ value }) => value));
  const isLonger = word.length < common.length;
  return { replacement: isLonger ? common : '', length, candidates: labels };
}

function candidatesFor(
  session: ShellState,
  words: readonly string[],
  word: string,
): readonly Candidate[] {
  const [command = ''] = words;
  if (words.length === 1 || (command === 'man' && words.length === 2)) {
    return shellCommands
      .filter(({ name }) => name.startsWith(word))
      .map(({ name }) => ({ value: name, isPartial: false }));
  }
  return pathCommands.has(command) ? pathCandidates(session, word) : [];
}

function pathCandidates(
  { root, workingDirectory }: ShellState,
  word: string,
): readonly Candidate[] {
  const slash = word.lastIndexOf('/') + 1;
  const [folder] = findNodes(root, workingDirectory, slash === 0 ? '.' : word.slice(0, slash));
  if (folder?.node.kind !== 'folder') return [];
  const { node } = folder;
  return sortedChildNames(node)
    .filter((name) => name.startsWith(word.slice(slash)))
    .map((name) => {
      const isPartial = node.child(name)?.kind === 'folder';
      return { value: word.slice(0, slash) + name + (isPartial ? '/' : ''), isPartial };
    });
}

function commonPrefix(values: readonly string[]): string {
  const [first = '', ...others] = values;
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}
