import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-consumer-groups.sh` as Kafka 3.8.0 has them. */
export const consumerGroupsOptions: readonly JoptOption[] = [
  { names: ['all-groups'], description: 'Apply to all consumer groups.' },
  {
    names: ['all-topics'],
    description: 'Consider all topics assigned to a group in the `reset-offsets` process.',
  },
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: The server(s) to connect to.',
    argument: 'required',
    argumentName: 'server to connect to',
  },
  {
    names: ['by-duration'],
    description: "Reset offsets to offset by duration from current timestamp. Format: 'PnDTnHnMnS'",
    argument: 'required',
    argumentName: 'duration',
  },
  {
    names: ['command-config'],
    description: 'Property file containing configs to be passed to Admin Client and Consumer.',
    argument: 'required',
    argumentName: 'command config property file',
  },
  {
    names: ['delete'],
    description:
      'Pass in groups to delete topic partition offsets and ownership information over the entire consumer group. For instance --group g1 --group g2',
  },
  {
    names: ['delete-offsets'],
    description:
      'Delete offsets of consumer group. Supports one consumer group at the time, and multiple topics.',
  },
  {
    names: ['describe'],
    description:
      'Describe consumer group and list offset lag (number of messages not yet processed) related to given group.',
  },
  {
    names: ['dry-run'],
    description:
      'Only show results without executing changes on Consumer Groups. Supported operations: reset-offsets.',
  },
  { names: ['execute'], description: 'Execute operation. Supported operations: reset-offsets.' },
  {
    names: ['export'],
    description: 'Export operation execution to a CSV file. Supported operations: reset-offsets.',
  },
  {
    names: ['from-file'],
    description: 'Reset offsets to values defined in CSV file.',
    argument: 'required',
    argumentName: 'path to CSV file',
  },
  {
    names: ['group'],
    description: 'The consumer group we wish to act on.',
    argument: 'required',
    argumentName: 'consumer group',
  },
  { names: ['help'], description: 'Print usage information.' },
  { names: ['list'], description: 'List all consumer groups.' },
  {
    names: ['members'],
    description:
      "Describe members of the group. This option may be used with '--describe' and '--bootstrap-server' options only.\nExample: --bootstrap-server localhost:9092 --describe --group group1 --members",
  },
  {
    names: ['offsets'],
    description:
      "Describe the group and list all topic partitions in the group along with their offset lag. This is the default sub-action of and may be used with '--describe' and '--bootstrap-server' options only.\nExample: --bootstrap-server localhost:9092 --describe --group group1 --offsets",
  },
  {
    names: ['reset-offsets'],
    description:
      "Reset offsets of consumer group. Supports one consumer group at the time, and instances should be inactive\nHas 2 execution options: --dry-run (the default) to plan which offsets to reset, and --execute to update the offsets. Additionally, the --export option is used to export the results to a CSV format.\nYou must choose one of the following reset specifications: --to-datetime, --by-duration, --to-earliest, --to-latest, --shift-by, --from-file, --to-current, --to-offset.\nTo define the scope use --all-topics or --topic. One scope must be specified unless you use '--from-file'.",
  },
  {
    names: ['shift-by'],
    description:
      "Reset offsets shifting current offset by 'n', where 'n' can be positive or negative.",
    argument: 'required',
    type: 'Long',
    argumentName: 'number-of-offsets',
  },
  {
    names: ['state'],
    description:
      "When specified with '--describe', includes the state of the group.\nExample: --bootstrap-server localhost:9092 --describe --group group1 --state\nWhen specified with '--list', it displays the state of all groups. It can also be used to list groups with specific states.\nExample: --bootstrap-server localhost:9092 --list --state stable,empty\nThis option may be used with '--describe', '--list' and '--bootstrap-server' options only.",
    argument: 'optional',
  },
  {
    names: ['timeout'],
    description:
      'The timeout that can be set for some use cases. For example, it can be used when describing the group to specify the maximum amount of time in milliseconds to wait before the group stabilizes (when the group is just created, or is going through some changes).',
    argument: 'required',
    type: 'Long',
    argumentName: 'timeout (ms)',
    defaultValue: '5000',
  },
  { names: ['to-current'], description: 'Reset offsets to current offset.' },
  {
    names: ['to-datetime'],
    description: "Reset offsets to offset from datetime. Format: 'YYYY-MM-DDTHH:mm:SS.sss'",
    argument: 'required',
    argumentName: 'datetime',
  },
  { names: ['to-earliest'], description: 'Reset offsets to earliest offset.' },
  { names: ['to-latest'], description: 'Reset offsets to latest offset.' },
  {
    names: ['to-offset'],
    description: 'Reset offsets to a specific offset.',
    argument: 'required',
    type: 'Long',
    argumentName: 'offset',
  },
  {
    names: ['topic'],
    description:
      'The topic whose consumer group information should be deleted or topic whose should be included in the reset offset process. In `reset-offsets` case, partitions can be specified using this format: `topic1:0,1,2`, where 0,1,2 are the partition to be included in the process. Reset-offsets also supports multiple topic inputs.',
    argument: 'required',
    argumentName: 'topic',
  },
  {
    names: ['type'],
    description:
      "When specified with '--list', it displays the types of all the groups. It can also be used to list groups with specific types.\nExample: --bootstrap-server localhost:9092 --list --type classic,consumer\nThis option may be used with the '--list' option only.",
    argument: 'optional',
  },
  {
    names: ['verbose'],
    description:
      "Provide additional information, if any, when describing the group. This option may be used with '--offsets'/'--members'/'--state' and '--bootstrap-server' options only.\nExample: --bootstrap-server localhost:9092 --describe --group group1 --members --verbose",
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
