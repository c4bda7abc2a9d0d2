import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-topics.sh` as Kafka 3.8.0 has them. */
export const topicsOptions: readonly JoptOption[] = [
  {
    names: ['alter'],
    description:
      'Alter the number of partitions and replica assignment. Update the configuration of an existing topic via --alter is no longer supported here (the kafka-configs CLI supports altering topic configs with a --bootstrap-server option).',
  },
  {
    names: ['at-min-isr-partitions'],
    description:
      'if set when describing topics, only show partitions whose isr count is equal to the configured minimum.',
  },
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: The Kafka server to connect to.',
    argument: 'required',
    argumentName: 'server to connect to',
  },
  {
    names: ['command-config'],
    description:
      'Property file containing configs to be passed to Admin Client. This is used only with --bootstrap-server option for describing and altering broker configs.',
    argument: 'required',
    argumentName: 'command config property file',
  },
  {
    names: ['config'],
    description:
      'A topic configuration override for the topic being created. The following is a list of valid configurations: \n\tcleanup.policy\n\tcompression.gzip.level\n\tcompression.lz4.level\n\tcompression.type\n\tcompression.zstd.level\n\tdelete.retention.ms\n\tfile.delete.delay.ms\n\tflush.messages\n\tflush.ms\n\tfollower.replication.throttled.replicas\n\tindex.interval.bytes\n\tleader.replication.throttled.replicas\n\tlocal.retention.bytes\n\tlocal.retention.ms\n\tmax.compaction.lag.ms\n\tmax.message.bytes\n\tmessage.downconversion.enable\n\tmessage.format.version\n\tmessage.timestamp.after.max.ms\n\tmessage.timestamp.before.max.ms\n\tmessage.timestamp.difference.max.ms\n\tmessage.timestamp.type\n\tmin.cleanable.dirty.ratio\n\tmin.compaction.lag.ms\n\tmin.insync.replicas\n\tpreallocate\n\tremote.storage.enable\n\tretention.bytes\n\tretention.ms\n\tsegment.bytes\n\tsegment.index.bytes\n\tsegment.jitter.ms\n\tsegment.ms\n\tunclean.leader.election.enable\nSee the Kafka documentation for full details on the topic configs. It is supported only in combination with --create if --bootstrap-server option is used (the kafka-configs CLI supports altering topic configs with a --bootstrap-server option).',
    argument: 'required',
    argumentName: 'name=value',
  },
  { names: ['create'], description: 'Create a new topic.' },
  { names: ['delete'], description: 'Delete a topic' },
  {
    names: ['delete-config'],
    description:
      'A topic configuration override to be removed for an existing topic (see the list of configurations under the --config option). Not supported with the --bootstrap-server option.',
    argument: 'required',
    argumentName: 'name',
  },
  { names: ['describe'], description: 'List details for the given topics.' },
  {
    names: ['exclude-internal'],
    description:
      'exclude internal topics when running list or describe command. The internal topics will be listed by default',
  },
  { names: ['help'], description: 'Print usage information.' },
  {
    names: ['if-exists'],
    description:
      'if set when altering or deleting or describing topics, the action will only execute if the topic exists.',
  },
  {
    names: ['if-not-exists'],
    description:
      'if set when creating topics, the action will only execute if the topic does not already exist.',
  },
  { names: ['list'], description: 'List all available topics.' },
  {
    names: ['partition-size-limit-per-response'],
    description:
      'the maximum partition size to be included in one DescribeTopicPartitions response.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'maximum number of partitions in one response.',
  },
  {
    names: ['partitions'],
    description:
      'The number of partitions for the topic being created or altered (WARNING: If partitions are increased for a topic that has a key, the partition logic or ordering of the messages will be affected). If not supplied for create, defaults to the cluster default.',
    argument: 'required',
    type: 'Integer',
    argumentName: '# of partitions',
  },
  {
    names: ['replica-assignment'],
    description:
      'A list of manual partition-to-broker assignments for the topic being created or altered.',
    argument: 'required',
    argumentName:
      'broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , broker_id_for_part2_replica1 : broker_id_for_part2_replica2 , ...',
  },
  {
    names: ['replication-factor'],
    description:
      'The replication factor for each partition in the topic being created. If not supplied, defaults to the cluster default.',
    argument: 'required',
    type: 'Integer',
    argumentName: 'replication factor',
  },
  {
    names: ['topic'],
    description:
      'The topic to create, alter, describe or delete. It also accepts a regular expression, except for --create option. Put topic name in double quotes and use the \'\\\' prefix to escape regular expression symbols; e.g. "test\\.topic".',
    argument: 'required',
    argumentName: 'topic',
  },
  {
    names: ['topic-id'],
    description:
      'The topic-id to describe.This is used only with --bootstrap-server option for describing topics.',
    argument: 'required',
    argumentName: 'topic-id',
  },
  {
    names: ['topics-with-overrides'],
    description: 'if set when describing topics, only show topics that have overridden configs',
  },
  {
    names: ['unavailable-partitions'],
    description:
      'if set when describing topics, only show partitions whose leader is not available',
  },
  {
    names: ['under-min-isr-partitions'],
    description:
      'if set when describing topics, only show partitions whose isr count is less than the configured minimum.',
  },
  {
    names: ['under-replicated-partitions'],
    description: 'if set when describing topics, only show under replicated partitions',
  },
  { names: ['version'], description: 'Display Kafka version.' },
];
