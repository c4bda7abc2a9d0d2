import {
  type ArgparseArgument,
  type ArgparseSpec,
  helpArgument,
} from '../parsers/argparse-spec.ts';

const configArgument: ArgparseArgument = {
  names: ['--config', '-c'],
  help: 'The Kafka configuration file to use.',
  kind: 'value',
  required: true,
};

/** The options of `kafka-storage.sh` as Kafka 3.8.0 has them. */
export const storageSpec: ArgparseSpec = {
  program: 'kafka-storage',
  description: 'The Kafka storage tool.',
  arguments: [helpArgument],
  subcommands: [
    {
      program: 'kafka-storage info',
      command: 'info',
      help: 'Get information about the Kafka log directories on this node.',
      arguments: [helpArgument, configArgument],
    },
    {
      program: 'kafka-storage format',
      command: 'format',
      help: 'Format the Kafka log directories on this node.',
      arguments: [
        helpArgument,
        configArgument,
        {
          names: ['--cluster-id', '-t'],
          help: 'The cluster ID to use.',
          kind: 'value',
          required: true,
        },
        {
          names: ['--add-scram', '-S'],
          help: `A SCRAM_CREDENTIAL to add to the __cluster_metadata log e.g.
'SCRAM-SHA-256=[name=alice,password=alice-secret]'
'SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]'`,
          kind: 'append',
        },
        { names: ['--ignore-formatted', '-g'], help: '', kind: 'flag' },
        {
          names: ['--release-version', '-r'],
          help: 'A KRaft release version to use for the initial metadata.version. The minimum is 3.0-IV0, the default is 3.8-IV0',
          kind: 'value',
        },
        {
          names: ['--feature', '-f'],
          help: 'A feature upgrade we should perform, in feature=level format. For example: `metadata.version=5`.',
          kind: 'append',
        },
      ],
    },
    {
      program: 'kafka-storage random-uuid',
      command: 'random-uuid',
      help: 'Print a random UUID.',
      arguments: [helpArgument],
    },
  ],
};

const formatSpec = storageSpec.subcommands?.find(({ command }) => command === 'format');

/** With what Kafka 3.9 adds for voters that may change (KIP-853). */
export const dynamicStorageSpec: ArgparseSpec = {
  ...storageSpec,
  subcommands: (storageSpec.subcommands ?? []).map((each) =>
    each === formatSpec ? withVoters(each) : each,
  ),
};

function withVoters(spec: ArgparseSpec): ArgparseSpec {
  const added = voterArguments();
  const names = added.map((each) => each.names[0] ?? '');
  return { ...spec, arguments: [...spec.arguments, ...added], alternatives: [names] };
}

function voterArguments(): readonly ArgparseArgument[] {
  return [
    {
      names: ['--standalone', '-s'],
      help: 'Used to initialize a controller as a single-node dynamic quorum (as in Kafka 3.9).',
      kind: 'flag',
    },
    {
      names: ['--no-initial-controllers', '-N'],
      help: 'Used to initialize a server without a dynamic quorum topology (as in Kafka 3.9).',
      kind: 'flag',
    },
    {
      names: ['--initial-controllers', '-I'],
      help: 'Used to initialize a server with a specific dynamic quorum topology (as in Kafka 3.9). The argument is a comma-separated list of id@hostname:port:directory. The same values must be used to format all nodes.',
      kind: 'value',
    },
  ];
}
