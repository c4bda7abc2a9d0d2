import { type ArgparseSpec, helpArgument } from '../parsers/argparse-spec.ts';

/** The options of `kafka-metadata-shell.sh` as Kafka 3.8.0 has them. */
export const metadataShellSpec: ArgparseSpec = {
  program: 'kafka-metadata-shell',
  description: 'The Apache Kafka metadata shell',
  arguments: [
    helpArgument,
    { names: ['--snapshot', '-s'], help: 'The snapshot file to read.', kind: 'value' },
  ],
  positionals: [{ name: 'command', count: 'any', help: 'The command to run.' }],
};
