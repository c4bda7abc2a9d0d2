import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-dump-log.sh` as Kafka 3.8.0 has them. */
export const dumpLogOptions: readonly JoptOption[] = [
  {
    names: ['cluster-metadata-decoder'],
    description: 'if set, log data will be parsed as cluster metadata records.',
  },
  {
    names: ['deep-iteration'],
    description:
      'if set, uses deep instead of shallow iteration. Automatically set if print-data-log is enabled.',
  },
  {
    names: ['files'],
    description: 'REQUIRED: The comma separated list of data and index log files to be dumped.',
    argument: 'required',
    argumentName: 'file1, file2, ...',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['index-sanity-check'],
    description:
      'if set, just checks the index sanity without printing its content. This is the same check that is executed on broker startup to determine if an index needs rebuilding or not.',
  },
  {
    names: ['key-decoder-class'],
    description:
      'if set, used to deserialize the keys. This class should implement org.apache.kafka.tools.api.Decoder trait. Custom jar should be available in kafka/libs directory.',
    argument: 'optional',
    defaultValue: 'org.apache.kafka.tools.api.StringDecoder',
  },
  {
    names: ['max-bytes'],
    description:
      'Limit the amount of total batches read in bytes avoiding reading the whole .log file(s).',
    argument: 'required',
    type: 'Integer',
    argumentName: 'size',
    defaultValue: '2147483647',
  },
  {
    names: ['max-message-size'],
    description: 'Size of largest message.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'size',
    defaultValue: '5242880',
  },
  {
    names: ['offsets-decoder'],
    description:
      'if set, log data will be parsed as offset data from the __consumer_offsets topic.',
  },
  {
    names: ['print-data-log'],
    description:
      'if set, printing the messages content when dumping data logs. Automatically set if any decoder option is specified.',
  },
  {
    names: ['skip-record-metadata'],
    description: 'whether to skip printing metadata for each record.',
  },
  {
    names: ['transaction-log-decoder'],
    description:
      'if set, log data will be parsed as transaction metadata from the __transaction_state topic.',
  },
  {
    names: ['value-decoder-class'],
    description:
      'if set, used to deserialize the messages. This class should implement org.apache.kafka.tools.api.Decoder trait. Custom jar should be available in kafka/libs directory.',
    argument: 'optional',
    defaultValue: 'org.apache.kafka.tools.api.StringDecoder',
  },
  {
    names: ['verify-index-only'],
    description: 'if set, just verify the index log without printing its content.',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
