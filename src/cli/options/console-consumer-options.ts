import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-console-consumer.sh` as Kafka 3.8.0 has them. */
export const consoleConsumerOptions: readonly JoptOption[] = [
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: The server(s) to connect to.',
    argument: 'required',
    argumentName: 'server to connect to',
  },
  {
    names: ['consumer-property'],
    description:
      'A mechanism to pass user-defined properties in the form key=value to the consumer.',
    argument: 'required',
    argumentName: 'consumer_prop',
  },
  {
    names: ['consumer.config'],
    description:
      'Consumer config properties file. Note that [consumer-property] takes precedence over this config.',
    argument: 'required',
    argumentName: 'config file',
  },
  {
    names: ['enable-systest-events'],
    description:
      'Log lifecycle events of the consumer in addition to logging consumed messages. (This is specific for system tests.)',
  },
  {
    names: ['formatter'],
    description: 'The name of a class to use for formatting kafka messages for display.',
    argument: 'required',
    argumentName: 'class',
    defaultValue: 'org.apache.kafka.tools.consumer.DefaultMessageFormatter',
  },
  {
    names: ['formatter-config'],
    description:
      'Config properties file to initialize the message formatter. Note that [property] takes precedence over this config.',
    argument: 'required',
    argumentName: 'config file',
  },
  {
    names: ['from-beginning'],
    description:
      'If the consumer does not already have an established offset to consume from, start with the earliest message present in the log rather than the latest message.',
  },
  {
    names: ['group'],
    description: 'The consumer group id of the consumer.',
    argument: 'required',
    argumentName: 'consumer group id',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['include'],
    description: 'Regular expression specifying list of topics to include for consumption.',
    argument: 'required',
    argumentName: 'Java regex (String)',
  },
  {
    names: ['isolation-level'],
    description:
      'Set to read_committed in order to filter out transactional messages which are not committed. Set to read_uncommitted to read all messages.',
    argument: 'required',
    defaultValue: 'read_uncommitted',
  },
  {
    names: ['key-deserializer'],
    description: '',
    argument: 'required',
    argumentName: 'deserializer for key',
  },
  {
    names: ['max-messages'],
    description:
      'The maximum number of messages to consume before exiting. If not set, consumption is continual.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'num_messages',
  },
  {
    names: ['offset'],
    description:
      "The offset to consume from (a non-negative number), or 'earliest' which means from beginning, or 'latest' which means from end",
    argument: 'required',
    argumentName: 'consume offset',
    defaultValue: 'latest',
  },
  {
    names: ['partition'],
    description:
      "The partition to consume from. Consumption starts from the end of the partition unless '--offset' is specified.",
    argument: 'required',
    type: 'Integer',
    argumentName: 'partition',
  },
  {
    names: ['property'],
    description:
      "The properties to initialize the message formatter. Default properties include: \n print.timestamp=true|false\n print.key=true|false\n print.offset=true|false\n print.partition=true|false\n print.headers=true|false\n print.value=true|false\n key.separator=<key.separator>\n line.separator=<line.separator>\n headers.separator=<line.separator>\n null.literal=<null.literal>\n key.deserializer=<key.deserializer>\n value.deserializer=<value.deserializer>\n header.deserializer=<header.deserializer>\n\nUsers can also pass in customized properties for their formatter; more specifically, users can pass in properties keyed with 'key.deserializer.', 'value.deserializer.' and 'headers.deserializer.' prefixes to configure their deserializers.",
    argument: 'required',
    argumentName: 'prop',
  },
  {
    names: ['skip-message-on-error'],
    description: 'If there is an error when processing a message, skip it instead of halt.',
  },
  {
    names: ['timeout-ms'],
    description:
      'If specified, exit if no message is available for consumption for the specified interval.',
    argument: 'required',
    type: 'Long',
    argumentName: 'timeout_ms',
  },
  {
    names: ['topic'],
    description: 'The topic to consume on.',
    argument: 'required',
    argumentName: 'topic',
  },
  {
    names: ['value-deserializer'],
    description: '',
    argument: 'required',
    argumentName: 'deserializer for values',
  },
  { names: ['version'], description: 'Display Kafka version.' },
  {
    names: ['whitelist'],
    description:
      'DEPRECATED, use --include instead; ignored if --include specified. Regular expression specifying list of topics to include for consumption.',
    argument: 'required',
    argumentName: 'Java regex (String)',
  },
];
