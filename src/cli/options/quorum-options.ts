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

/** With the changes of voters of Kafka 3.9 (KIP-853). */
export const dynamicQuorumSpec: ArgparseSpec = {
  ...metadataQuorumSpec,
  subcommands: [
    ...(metadataQuorumSpec.subcommands ?? []),
    {
      program: 'kafka-metadata-quorum',
      command: 'add-controller',
      help: 'Add a controller to the KRaft controller cluster (as in Kafka 3.9)',
      parent: quorumBase,
      arguments: [helpArgument, dryRunArgument()],
    },
    {
      program: 'kafka-metadata-quorum',
      command: 'remove-controller',
      help: 'Remove a controller from the KRaft controller cluster (as in Kafka 3.9)',
      parent: quorumBase,
      arguments: [
        helpArgument,
        {
          names: ['--controller-id', '-i'],
          help: 'The id of the controller to remove.',
          kind: 'value',
          type: 'Integer',
          required: true,
        },
        {
          names: ['--controller-directory-id', '-d'],
          help: 'The directory ID of the controller to remove.',
          kind: 'value',
          required: true,
        },
        dryRunArgument(),
      ],
    },
  ],
};

function dryRunArgument(): ArgparseArgument {
  return {
    names: ['--dry-run'],
    help: 'True if we should print what would be done, but not do it.',
    kind: 'flag',
  };
}
