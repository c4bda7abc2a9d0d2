import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-log-dirs.sh` as Kafka 3.8.0 has them. */
export const logDirsOptions: readonly JoptOption[] = [
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: the server(s) to use for bootstrapping',
    argument: 'required',
    argumentName: 'The server(s) to use for bootstrapping',
  },
  {
    names: ['broker-list'],
    description:
      'The list of brokers to be queried in the form "0,1,2". All brokers in the cluster will be queried if no broker list is specified',
    argument: 'required',
    argumentName: 'Broker list',
    defaultValue: '',
  },
  {
    names: ['command-config'],
    description: 'Property file containing configs to be passed to Admin Client.',
    argument: 'required',
    argumentName: 'Admin client property file',
  },
  {
    names: ['describe'],
    description: 'Describe the specified log directories on the specified brokers.',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['topic-list'],
    description:
      'The list of topics to be queried in the form "topic1,topic2,topic3". All topics will be queried if no topic list is specified',
    argument: 'required',
    argumentName: 'Topic list',
    defaultValue: '',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
