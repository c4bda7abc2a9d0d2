import type { JoptOption } from '../parsers/jopt-parser.ts';

const throttleHelp =
  'This option can be included with --execute when a reassignment is started, and it can be altered by resubmitting the current reassignment along with the --additional flag. The throttle rate should be at least 1 KB/s.';

/** The options of `kafka-reassign-partitions.sh` as Kafka 3.8.0 has them. */
export const reassignPartitionsOptions: readonly JoptOption[] = [
  {
    names: ['additional'],
    description:
      'Execute this reassignment in addition to any other ongoing ones. This option can also be used to change the throttle of an ongoing reassignment.',
  },
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: the server(s) to use for bootstrapping.',
    argument: 'required',
    argumentName: 'Server(s) to use for bootstrapping',
  },
  {
    names: ['broker-list'],
    description:
      'The list of brokers to which the partitions need to be reassigned in the form "0,1,2". This is required if --topics-to-move-json-file is used to generate reassignment configuration',
    argument: 'required',
    argumentName: 'brokerlist',
  },
  { names: ['cancel'], description: 'Cancel an active reassignment.' },
  {
    names: ['command-config'],
    description: 'Property file containing configs to be passed to Admin Client.',
    argument: 'required',
    argumentName: 'Admin client property file',
  },
  { names: ['disable-rack-aware'], description: 'Disable rack aware replica assignment' },
  {
    names: ['execute'],
    description: 'Kick off the reassignment as specified by the --reassignment-json-file option.',
  },
  {
    names: ['generate'],
    description:
      'Generate a candidate partition reassignment configuration. Note that this only generates a candidate assignment, it does not execute it.',
  },
  { names: ['help'], description: 'Print usage information.' },
  { names: ['list'], description: 'List all active partition reassignments.' },
  {
    names: ['preserve-throttles'],
    description: 'Do not modify broker or topic throttles.',
  },
  {
    names: ['reassignment-json-file'],
    description:
      'The JSON file with the partition reassignment configurationThe format to use is - \n{"partitions":\n\t[{"topic": "foo",\n\t  "partition": 1,\n\t  "replicas": [1,2,3],\n\t  "log_dirs": ["dir1","dir2","dir3"] }],\n"version":1\n}\nNote that "log_dirs" is optional. When it is specified, its length must equal the length of the replicas list. The value in this list can be either "any" or the absolution path of the log directory on the broker. If absolute log directory path is specified, the replica will be moved to the specified log directory on the broker.',
    argument: 'required',
    argumentName: 'manual assignment json file path',
  },
  {
    names: ['replica-alter-log-dirs-throttle'],
    description: `The movement of replicas between log directories on the same broker will be throttled to this value (bytes/sec). ${throttleHelp}`,
    argument: 'required',
    type: 'Long',
    argumentName: 'replicaAlterLogDirsThrottle',
    defaultValue: '-1',
  },
  {
    names: ['throttle'],
    description: `The movement of partitions between brokers will be throttled to this value (bytes/sec). ${throttleHelp}`,
    argument: 'required',
    type: 'Long',
    argumentName: 'throttle',
    defaultValue: '-1',
  },
  {
    names: ['timeout'],
    description: 'The maximum time in ms to wait for log directory replica assignment to begin.',
    argument: 'required',
    type: 'Long',
    argumentName: 'timeout',
    defaultValue: '10000',
  },
  {
    names: ['topics-to-move-json-file'],
    description:
      'Generate a reassignment configuration to move the partitions of the specified topics to the list of brokers specified by the --broker-list option. The format to use is - \n{"topics":\n\t[{"topic": "foo"},{"topic": "foo1"}],\n"version":1\n}',
    argument: 'required',
    argumentName: 'topics to reassign json file path',
  },
  {
    names: ['verify'],
    description:
      'Verify if the reassignment completed as specified by the --reassignment-json-file option. If there is a throttle engaged for the replicas specified, and the rebalance has completed, the throttle will be removed',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
