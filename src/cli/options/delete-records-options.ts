import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-delete-records.sh` as Kafka 3.8.0 has them. */
export const deleteRecordsOptions: readonly JoptOption[] = [
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: The server to connect to.',
    argument: 'required',
    argumentName: 'server(s) to use for bootstrapping',
  },
  {
    names: ['command-config'],
    description: 'A property file containing configs to be passed to Admin Client.',
    argument: 'required',
    argumentName: 'command config property file path',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['offset-json-file'],
    description:
      'REQUIRED: The JSON file with offset per partition. The format to use is:\n{"partitions":\n  [{"topic": "foo", "partition": 1, "offset": 1}],\n "version":1\n}',
    argument: 'required',
    argumentName: 'Offset json file path',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
