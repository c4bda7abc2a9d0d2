import { argparseHelp } from '../parsers/argparse-help.ts';
import type { ArgparseSpec } from '../parsers/argparse-spec.ts';
import { columnLines } from './column-lines.ts';
import { type MetadataNode, sortedChildNames } from './metadata-node.ts';
import { absolutePath, type FoundNode, findNodes } from './path-glob.ts';
import type { ShellCommand, ShellCommandCall, ShellState } from './shell-command.ts';

export function cat({ session, args }: ShellCommandCall): void {
  for (const target of args) {
    const found = nodesOf(session, target);
    if (found.length === 0) session.print(`cat: ${target}: No such file or directory.`);
    for (const { node } of found) {
      session.print(node.kind === 'file' ? node.text : `cat: ${target}: Is a directory`);
    }
  }
}

export function tree({ session, args }: ShellCommandCall): void {
  for (const target of args) {
    const found = nodesOf(session, target);
    if (found.length === 0) session.print(`tree: ${target}: No such file or directory.`);
    for (const { node } of found) printTree(session, node, '');
  }
}

function printTree(session: ShellState, node: MetadataNode, indent: string): void {
  if (node.kind === 'file') {
    session.print(indent + node.text);
    return;
  }
  for (const name of sortedChildNames(node)) {
    session.print(`${indent}${name}:`);
    const child = node.child(name);
    if (child !== undefined) printTree(session, child, `${indent}  `);
  }
}

/** Prints paths that begin with what was given, a pattern too, as Kafka's shell does. */
export function find({ session, args }: ShellCommandCall): void {
  for (const target of effectivePaths(args)) {
    const found = nodesOf(session, target);
    if (found.length === 0) session.print(`find: ${target}: no such file or directory.`);
    for (const { node } of found) printPaths(session, node, target);
  }
}

function printPaths(session: ShellState, node: MetadataNode, path: string): void {
  session.print(path);
  if (node.kind === 'file') return;
  for (const name of sortedChildNames(node)) {
    const child = node.child(name);
    if (child !== undefined)
      printPaths(session, child, path === '/' ? `/${name}` : `${path}/${name}`);
  }
}

export function list({ session, args }: ShellCommandCall): void {
  const found = effectivePaths(args).flatMap((target) => {
    const nodes = nodesOf(session, target);
    if (nodes.length === 0) session.print(`ls: ${target}: no such file or directory.`);
    return nodes;
  });
  const files = found.filter(({ node }) => node.kind === 'file').map(lastName);
  for (const line of columnLines(files, session.columns)) session.print(line);
  const folders = found.flatMap((each) => (each.node.kind === 'folder' ? [each] : []));
  const hasHeads = 0 < files.length || 1 < folders.length;
  let isFirst = files.length === 0;
  for (const folder of folders) {
    const names = folder.node.kind === 'folder' ? sortedChildNames(folder.node) : [];
    // An empty folder is not even named, but counts as one before the next.
    if (hasHeads && 0 < names.length) {
      if (!isFirst) session.print('');
      session.print(`${lastName(folder)}:`);
    }
    isFirst = false;
    for (const line of columnLines(names, session.columns)) session.print(line);
  }
}

function lastName({ path }: FoundNode): string {
  return path.at(-1) ?? '/';
}

export function changeDirectory({ session, args }: ShellCommandCall): void {
  const target = args[0] ?? '/';
  const found = nodesOf(session, target);
  if (found.length === 0) session.print(`cd: ${target}: no such directory.`);
  for (const { path, node } of found) {
    if (node.kind === 'file') session.print(`cd: ${target}: not a directory.`);
    else session.workingDirectory = absolutePath(path);
  }
}

export function history({ session, args }: ShellCommandCall): void {
  const { history: lines } = session;
  const count = Math.min(Math.max(Number(args[0] ?? lines.length), 0), lines.length);
  for (let i = lines.length - count; i < lines.length; i += 1) {
    session.print(`${String(i).padStart(5)}  ${lines[i]}`);
  }
}

export function help({ session }: ShellCommandCall, spec: ArgparseSpec): void {
  session.print('Welcome to the Apache Kafka metadata shell.');
  session.print('');
  session.print(argparseHelp(spec).trimEnd());
}

export function man(
  { session, args }: ShellCommandCall,
  commands: readonly ShellCommand[],
  specOf: (command: ShellCommand) => ArgparseSpec,
): void {
  const name = args[0] ?? '';
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    session.print(`man: unknown command ${name}. Type help to get a list of commands.`);
    return;
  }
  session.print(`${name}: ${command.description}`);
  session.print('');
  session.print(argparseHelp(specOf(command)).trimEnd());
}

function nodesOf({ root, workingDirectory }: ShellState, target: string): readonly FoundNode[] {
  return findNodes(root, workingDirectory, target);
}

/** Without any: where the shell is. */
function effectivePaths(args: readonly string[]): readonly string[] {
  const given = args.filter((path) => path !== '');
  return given.length === 0 ? ['.'] : given;
}
