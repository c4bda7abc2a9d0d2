import {
  type ArgparseArgument,
  type ArgparseSpec,
  helpArgument,
} from '../parsers/argparse-spec.ts';

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
      exclusive: [['--bootstrap-server', '--bootstrap-controller']],
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
      exclusive: [['--bootstrap-server', '--bootstrap-controller']],
    },
  ],
};
