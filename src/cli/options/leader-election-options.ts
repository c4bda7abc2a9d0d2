import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-leader-election.sh` as Kafka 3.8.0 has them. */
export const leaderElectionOptions: readonly JoptOption[] = [
  {
    names: ['admin.config'],
    description: 'Configuration properties files to pass to the admin client',
    argument: 'required',
    argumentName: 'config file',
  },
  {
    names: ['all-topic-partitions'],
    description:
      'Perform election on all of the eligible topic partitions based on the type of election (see the --election-type flag). Not allowed if --topic or --path-to-json-file is specified.',
  },
  {
    names: ['bootstrap-server'],
    description:
      'A hostname and port for the broker to connect to, in the form host:port. Multiple comma separated URLs can be given. REQUIRED.',
    argument: 'required',
    argumentName: 'host:port',
  },
  {
    names: ['election-type'],
    description:
      'Type of election to attempt. Possible values are "preferred" for preferred leader election or "unclean" for unclean leader election. If preferred election is selection, the election is only performed if the current leader is not the preferred leader for the topic partition. If unclean election is selected, the election is only performed if there are no leader for the topic partition. REQUIRED.',
    argument: 'required',
    type: '[PREFERRED,UNCLEAN]',
    argumentName: 'election type',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['partition'],
    description: 'Partition id for which to perform an election. REQUIRED if --topic is specified.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'partition id',
  },
  {
    names: ['path-to-json-file'],
    description:
      'The JSON file with the list  of partition for which leader elections should be performed. This is an example format. \n{"partitions":\n\t[{"topic": "foo", "partition": 1},\n\t {"topic": "foobar", "partition": 2}]\n}\nNot allowed if --all-topic-partitions or --topic flags are specified.',
    argument: 'required',
    argumentName: 'Path to JSON file',
  },
  {
    names: ['topic'],
    description:
      'Name of topic for which to perform an election. Not allowed if --path-to-json-file or --all-topic-partitions is specified.',
    argument: 'required',
    argumentName: 'topic name',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
