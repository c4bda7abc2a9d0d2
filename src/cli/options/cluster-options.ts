import {
  type ArgparseArgument,
  type ArgparseSpec,
  helpArgument,
} from '../parsers/argparse-spec.ts';

const serverArguments: readonly ArgparseArgument[] = [
  {
    names: ['--bootstrap-server'],
    help: 'A comma-separated list of host:port pairs to use for establishing the connection to the Kafka cluster.',
    kind: 'value',
  },
  {
    names: ['--bootstrap-controller'],
    help: 'A comma-separated list of host:port pairs to use for establishing the connection to the Kafka controllers.',
    kind: 'value',
  },
];

const quorumBase: ArgparseSpec = {
  program: 'kafka-metadata-quorum',
  description: 'This tool describes kraft metadata quorum status.',
  arguments: [
    helpArgument,
    ...serverArguments,
    {
      names: ['--command-config'],
      help: 'Property file containing configs to be passed to Admin Client.',
      kind: 'value',
    },
  ],
  exclusive: [['--bootstrap-server', '--bootstrap-controller']],
};

/** The options of `kafka-metadata-quorum.sh` as Kafka 3.8.0 has them. */
export const metadataQuorumSpec: ArgparseSpec = {
  ...quorumBase,
  subcommands: [
    {
      program: 'kafka-metadata-quorum',
      command: 'describe',
      help: 'Describe the metadata quorum info',
      parent: quorumBase,
      arguments: [
        helpArgument,
        {
          names: ['--status'],
          help: 'A short summary of the quorum status and the other provides detailed information about the status of replication.',
          kind: 'flag',
        },
        {
          names: ['--replication'],
          help: 'Detailed information about the status of replication',
          kind: 'flag',
        },
        { names: ['--human-readable'], help: 'Human-readable output', kind: 'flag' },
      ],
      groups: [
        { title: 'Status', names: ['--status'] },
        { title: 'Replication', names: ['--replication', '--human-readable'] },
      ],
    },
  ],
};

const connectionArguments: readonly ArgparseArgument[] = [
  {
    names: ['--bootstrap-server', '-b'],
    help: 'A list of host/port pairs to use for establishing the connection to the Kafka cluster.',
    kind: 'value',
  },
  {
    names: ['--bootstrap-controller', '-C'],
    help: 'A list of host/port pairs to use for establishing the connection to the KRaft controllers.',
    kind: 'value',
  },
  {
    names: ['--config', '-c'],
    help: 'A property file containing configurations for the Admin client.',
    kind: 'value',
  },
];

/** The options of `kafka-cluster.sh` as Kafka 3.8.0 has them. */
export const clusterSpec: ArgparseSpec = {
  program: 'kafka-cluster',
  description: 'The Kafka cluster tool.',
  arguments: [helpArgument],
  subcommands: [
    {
      program: 'kafka-cluster cluster-id',
      command: 'cluster-id',
      help: 'Get information about the ID of a cluster.',
      arguments: [helpArgument, ...connectionArguments],
    },
    {
      program: 'kafka-cluster unregister',
      command: 'unregister',
      help: 'Unregister a broker.',
      arguments: [
        helpArgument,
        ...connectionArguments,
        {
          names: ['--id', '-i'],
          help: 'The ID of the broker to unregister.',
          kind: 'value',
          type: 'Integer',
          required: true,
        },
      ],
    },
  ],
};
