import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-console-producer.sh` as Kafka 3.8.0 has them. */
export const consoleProducerOptions: readonly JoptOption[] = [
  {
    names: ['batch-size'],
    description:
      'Number of messages to send in a single batch if they are not being sent synchronously. please note that this option will be replaced if max-partition-memory-bytes is also set',
    argument: 'required',
    type: 'Integer',
    argumentName: 'size',
    defaultValue: '16384',
  },
  {
    names: ['bootstrap-server'],
    description:
      'REQUIRED unless --broker-list(deprecated) is specified. The server(s) to connect to. The broker list string in the form HOST1:PORT1,HOST2:PORT2.',
    argument: 'required',
    argumentName: 'server to connect to',
  },
  {
    names: ['broker-list'],
    description:
      'DEPRECATED, use --bootstrap-server instead; ignored if --bootstrap-server is specified.  The broker list string in the form HOST1:PORT1,HOST2:PORT2.',
    argument: 'required',
    argumentName: 'broker-list',
  },
  {
    names: ['compression-codec'],
    description:
      "The compression codec: either 'none', 'gzip', 'snappy', 'lz4', or 'zstd'.If specified without value, then it defaults to 'gzip'",
    argument: 'optional',
    argumentName: 'compression-codec',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['line-reader'],
    description:
      'The class name of the class to use for reading lines from standard in. By default each line is read as a separate message.',
    argument: 'required',
    argumentName: 'reader_class',
    defaultValue: 'kafka.tools.ConsoleProducer$LineMessageReader',
  },
  {
    names: ['max-block-ms'],
    description: 'The max time that the producer will block for during a send request.',
    argument: 'required',
    type: 'Long',
    argumentName: 'max block on send',
    defaultValue: '60000',
  },
  {
    names: ['max-memory-bytes'],
    description:
      'The total memory used by the producer to buffer records waiting to be sent to the server. This is the option to control `buffer.memory` in producer configs.',
    argument: 'required',
    type: 'Long',
    argumentName: 'total memory in bytes',
    defaultValue: '33554432',
  },
  {
    names: ['max-partition-memory-bytes'],
    description:
      'The buffer size allocated for a partition. When records are received which are smaller than this size the producer will attempt to optimistically group them together until this size is reached. This is the option to control `batch.size` in producer configs.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'memory in bytes per partition',
    defaultValue: '16384',
  },
  {
    names: ['message-send-max-retries'],
    description:
      'Brokers can fail receiving the message for multiple reasons, and being unavailable transiently is just one of them. This property specifies the number of retries before the producer give up and drop this message. This is the option to control `retries` in producer configs.',
    argument: 'required',
    type: 'Integer',
    defaultValue: '3',
  },
  {
    names: ['metadata-expiry-ms'],
    description:
      "The period of time in milliseconds after which we force a refresh of metadata even if we haven't seen any leadership changes. This is the option to control `metadata.max.age.ms` in producer configs.",
    argument: 'required',
    type: 'Long',
    argumentName: 'metadata expiration interval',
    defaultValue: '300000',
  },
  {
    names: ['producer-property'],
    description:
      'A mechanism to pass user-defined properties in the form key=value to the producer. ',
    argument: 'required',
    argumentName: 'producer_prop',
  },
  {
    names: ['producer.config'],
    description:
      'Producer config properties file. Note that [producer-property] takes precedence over this config.',
    argument: 'required',
    argumentName: 'config file',
  },
  {
    names: ['property'],
    description:
      'A mechanism to pass user-defined properties in the form key=value to the message reader. This allows custom configuration for a user-defined message reader.\nDefault properties include:\n parse.key=false\n parse.headers=false\n ignore.error=false\n key.separator=\\t\n headers.delimiter=\\t\n headers.separator=,\n headers.key.separator=:\n null.marker=   When set, any fields (key, value and headers) equal to this will be replaced by null\nDefault parsing pattern when:\n parse.headers=true and parse.key=true:\n  "h1:v1,h2:v2...\\tkey\\tvalue"\n parse.key=true:\n  "key\\tvalue"\n parse.headers=true:\n  "h1:v1,h2:v2...\\tvalue"\n      ',
    argument: 'required',
    argumentName: 'prop',
  },
  {
    names: ['reader-config'],
    description:
      'Config properties file for the message reader. Note that [property] takes precedence over this config.',
    argument: 'required',
    argumentName: 'config file',
  },
  {
    names: ['request-required-acks'],
    description: 'The required `acks` of the producer requests',
    argument: 'required',
    argumentName: 'request required acks',
    defaultValue: '-1',
  },
  {
    names: ['request-timeout-ms'],
    description:
      'The ack timeout of the producer requests. Value must be non-negative and non-zero.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'request timeout ms',
    defaultValue: '1500',
  },
  {
    names: ['retry-backoff-ms'],
    description:
      'Before each retry, the producer refreshes the metadata of relevant topics. Since leader election takes a bit of time, this property specifies the amount of time that the producer waits before refreshing the metadata. This is the option to control `retry.backoff.ms` in producer configs.',
    argument: 'required',
    type: 'Long',
    defaultValue: '100',
  },
  {
    names: ['socket-buffer-size'],
    description:
      'The size of the tcp RECV size. This is the option to control `send.buffer.bytes` in producer configs.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'size',
    defaultValue: '102400',
  },
  {
    names: ['sync'],
    description:
      'If set message send requests to the brokers are synchronously, one at a time as they arrive.',
  },
  {
    names: ['timeout'],
    description:
      'If set and the producer is running in asynchronous mode, this gives the maximum amount of time a message will queue awaiting sufficient batch size. The value is given in ms. This is the option to control `linger.ms` in producer configs.',
    argument: 'required',
    type: 'Long',
    argumentName: 'timeout_ms',
    defaultValue: '1000',
  },
  {
    names: ['topic'],
    description: 'REQUIRED: The topic id to produce messages to.',
    argument: 'required',
    argumentName: 'topic',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
