import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-consumer-perf-test.sh` as Kafka 3.8.0 has them; the tool draws the default group's number anew. */
export const consumerPerfTestOptions: readonly JoptOption[] = [
  {
    names: ['bootstrap-server'],
    description:
      'REQUIRED unless --broker-list(deprecated) is specified. The server(s) to connect to.',
    argument: 'required',
    argumentName: 'server to connect to',
  },
  {
    names: ['broker-list'],
    description:
      'DEPRECATED, use --bootstrap-server instead; ignored if --bootstrap-server is specified. The broker list string in the form HOST1:PORT1,HOST2:PORT2.',
    argument: 'required',
    argumentName: 'broker-list',
  },
  {
    names: ['consumer.config'],
    description: 'Consumer config properties file.',
    argument: 'required',
    argumentName: 'config file',
  },
  {
    names: ['date-format'],
    description:
      'The date format to use for formatting the time field. See java.text.SimpleDateFormat for options.',
    argument: 'required',
    argumentName: 'date format',
    defaultValue: 'yyyy-MM-dd HH:mm:ss:SSS',
  },
  {
    names: ['fetch-size'],
    description: 'The amount of data to fetch in a single request.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'size',
    defaultValue: '1048576',
  },
  {
    names: ['from-latest'],
    description:
      'If the consumer does not already have an established offset to consume from, start with the latest message present in the log rather than the earliest message.',
  },
  {
    names: ['group'],
    description: 'The group id to consume on.',
    argument: 'required',
    argumentName: 'gid',
    defaultValue: 'perf-consumer-0',
  },
  { names: ['help'], description: 'Print usage information.' },
  { names: ['hide-header'], description: 'If set, skips printing the header for the stats' },
  {
    names: ['messages'],
    description: 'REQUIRED: The number of messages to send or consume',
    argument: 'required',
    type: 'Long',
    argumentName: 'count',
  },
  {
    names: ['num-fetch-threads'],
    description: 'DEPRECATED AND IGNORED: Number of fetcher threads.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'count',
    defaultValue: '1',
  },
  { names: ['print-metrics'], description: 'Print out the metrics.' },
  {
    names: ['reporting-interval'],
    description: 'Interval in milliseconds at which to print progress info.',
    argument: 'required',
    type: 'Long',
    argumentName: 'interval_ms',
    defaultValue: '5000',
  },
  {
    names: ['show-detailed-stats'],
    description:
      'If set, stats are reported for each reporting interval as configured by reporting-interval',
  },
  {
    names: ['socket-buffer-size'],
    description: 'The size of the tcp RECV size.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'size',
    defaultValue: '2097152',
  },
  {
    names: ['threads'],
    description: 'DEPRECATED AND IGNORED: Number of processing threads.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'count',
    defaultValue: '10',
  },
  {
    names: ['timeout'],
    description: 'The maximum allowed time in milliseconds between returned records.',
    argument: 'optional',
    type: 'Long',
    argumentName: 'milliseconds',
    defaultValue: '10000',
  },
  {
    names: ['topic'],
    description: 'REQUIRED: The topic to consume from.',
    argument: 'required',
    argumentName: 'topic',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
