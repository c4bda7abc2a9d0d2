import type { ArgparseSpec } from '../parsers/argparse-spec.ts';
import { cat, changeDirectory, find, help, history, list, man, tree } from './run-commands.ts';
import type { ShellCommand } from './shell-command.ts';

/** All of them, in the order of their names. */
export const shellCommands: readonly ShellCommand[] = [
  {
    name: 'cat',
    description: 'Show the contents of metadata files.',
    isInteractive: false,
    argument: { name: 'targets', count: 'some', help: 'The metadata files to display.' },
    run: cat,
  },
  {
    name: 'cd',
    description: 'Set the current working directory.',
    isInteractive: true,
    argument: { name: 'target', count: 'optional', help: 'The directory to change to.' },
    run: changeDirectory,
  },
  {
    name: 'exit',
    description: 'Exit the metadata shell.',
    isInteractive: true,
    run: ({ session }) => session.exit(),
  },
  {
    name: 'find',
    description: 'Search for nodes in the directory hierarchy.',
    isInteractive: false,
    argument: { name: 'paths', count: 'any', help: 'The paths to start at.' },
    run: find,
  },
  {
    name: 'help',
    description: 'Display this help message.',
    isInteractive: true,
    run: (call) => help(call, commandsSpec(shellCommands)),
  },
  {
    name: 'history',
    description: 'Print command history.',
    isInteractive: true,
    argument: {
      name: 'numEntriesToShow',
      count: 'optional',
      type: 'Integer',
      help: 'The number of entries to show.',
    },
    run: history,
  },
  {
    name: 'ls',
    description: 'List metadata nodes.',
    isInteractive: false,
    argument: { name: 'targets', count: 'any', help: 'The metadata node paths to list.' },
    run: list,
  },
  {
    name: 'man',
    description: 'Show the help text for a specific command.',
    isInteractive: true,
    argument: { name: 'cmd', count: 'one', help: 'The command to get help text for.' },
    run: (call) => man(call, shellCommands, commandSpec),
  },
  {
    name: 'pwd',
    description: 'Print the current working directory.',
    isInteractive: true,
    run: ({ session }) => session.print(session.workingDirectory),
  },
  {
    name: 'tree',
    description: 'Show the contents of metadata nodes in a tree structure.',
    isInteractive: false,
    argument: { name: 'targets', count: 'some', help: 'The metadata nodes to display.' },
    run: tree,
  },
];

function commandSpec({ name, argument }: ShellCommand): ArgparseSpec {
  return {
    program: name,
    arguments: [],
    ...(argument === undefined ? {} : { positionals: [argument] }),
  };
}

function commandsSpec(commands: readonly ShellCommand[]): ArgparseSpec {
  const subcommands = commands.map(({ name, description }) => ({
    program: name,
    command: name,
    help: description,
    arguments: [],
  }));
  return { program: '', arguments: [], subcommands };
}
