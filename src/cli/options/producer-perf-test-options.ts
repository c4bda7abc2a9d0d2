import { type ArgparseSpec, helpArgument } from '../parsers/argparse-spec.ts';

/** The options of `kafka-producer-perf-test.sh` as Kafka 3.8.0 has them. */
export const producerPerfTestSpec: ArgparseSpec = {
  program: 'producer-performance',
  description: 'This tool is used to verify the producer performance.',
  showsDefaults: true,
  arguments: [
    helpArgument,
    {
      names: ['--topic'],
      help: 'produce messages to this topic',
      kind: 'value',
      metavar: 'TOPIC',
      required: true,
    },
    {
      names: ['--num-records'],
      help: 'number of messages to produce',
      kind: 'value',
      type: 'Long',
      metavar: 'NUM-RECORDS',
      required: true,
    },
    {
      names: ['--payload-delimiter'],
      help: 'provides delimiter to be used when --payload-file is provided. Defaults to new line. Note that this parameter will be ignored if --payload-file is not provided.',
      kind: 'value',
      metavar: 'PAYLOAD-DELIMITER',
      defaultValue: '\\n',
    },
    {
      names: ['--throughput'],
      help: 'throttle maximum message throughput to *approximately* THROUGHPUT messages/sec. Set this to -1 to disable throttling.',
      kind: 'value',
      type: 'Integer',
      metavar: 'THROUGHPUT',
      required: true,
    },
    {
      names: ['--producer-props'],
      help: 'kafka producer related configuration properties like bootstrap.servers,client.id etc. These configs take precedence over those passed via --producer.config.',
      kind: 'list',
      metavar: 'PROP-NAME=PROP-VALUE',
    },
    {
      names: ['--producer.config'],
      help: 'producer config properties file.',
      kind: 'value',
      metavar: 'CONFIG-FILE',
    },
    {
      names: ['--print-metrics'],
      help: 'print out metrics at the end of the test.',
      kind: 'flag',
    },
    {
      names: ['--transactional-id'],
      help: 'The transactionalId to use if transaction-duration-ms is > 0. Useful when testing the performance of concurrent transactions.',
      kind: 'value',
      metavar: 'TRANSACTIONAL-ID',
      defaultValue: 'performance-producer-default-transactional-id',
    },
    {
      names: ['--transaction-duration-ms'],
      help: 'The max age of each transaction. The commitTransaction will be called after this time has elapsed. Transactions are only enabled if this value is positive.',
      kind: 'value',
      type: 'Long',
      metavar: 'TRANSACTION-DURATION',
      defaultValue: '0',
    },
    {
      names: ['--record-size'],
      help: 'message size in bytes. Note that you must provide exactly one of --record-size or --payload-file.',
      kind: 'value',
      type: 'Integer',
      metavar: 'RECORD-SIZE',
    },
    {
      names: ['--payload-file'],
      help: 'file to read the message payloads from. This works only for UTF-8 encoded text files. Payloads will be read from this file and a payload will be randomly selected when sending messages. Note that you must provide exactly one of --record-size or --payload-file.',
      kind: 'value',
      metavar: 'PAYLOAD-FILE',
    },
  ],
  exclusive: [['--record-size', '--payload-file']],
  groups: [
    {
      description: 'either --record-size or --payload-file must be specified but not both.',
      names: ['--record-size', '--payload-file'],
    },
  ],
};
