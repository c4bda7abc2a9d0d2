import type { Program } from '../base/program.ts';

/** Every tool by the name of its script, loaded when it is wanted. */
export const programs: Readonly<Record<string, () => Promise<Program>>> = {
  jps: async () => (await import('./jps.ts')).jps,
  'kafka-broker-api-versions.sh': async () =>
    (await import('./kafka-broker-api-versions.ts')).kafkaBrokerApiVersions,
  'kafka-cluster.sh': async () => (await import('./kafka-cluster.ts')).kafkaCluster,
  'kafka-configs.sh': async () => (await import('./kafka-configs.ts')).kafkaConfigs,
  'kafka-console-consumer.sh': async () =>
    (await import('./kafka-console-consumer.ts')).kafkaConsoleConsumer,
  'kafka-console-producer.sh': async () =>
    (await import('./kafka-console-producer.ts')).kafkaConsoleProducer,
  'kafka-consumer-groups.sh': async () =>
    (await import('./kafka-consumer-groups.ts')).kafkaConsumerGroups,
  'kafka-consumer-perf-test.sh': async () =>
    (await import('./kafka-consumer-perf-test.ts')).kafkaConsumerPerfTest,
  'kafka-delete-records.sh': async () =>
    (await import('./kafka-delete-records.ts')).kafkaDeleteRecords,
  'kafka-dump-log.sh': async () => (await import('./kafka-dump-log.ts')).kafkaDumpLog,
  'kafka-features.sh': async () => (await import('./kafka-features.ts')).kafkaFeatures,
  'kafka-get-offsets.sh': async () => (await import('./kafka-get-offsets.ts')).kafkaGetOffsets,
  'kafka-leader-election.sh': async () =>
    (await import('./kafka-leader-election.ts')).kafkaLeaderElection,
  'kafka-log-dirs.sh': async () => (await import('./kafka-log-dirs.ts')).kafkaLogDirs,
  'kafka-metadata-quorum.sh': async () =>
    (await import('./kafka-metadata-quorum.ts')).kafkaMetadataQuorum,
  'kafka-metadata-shell.sh': async () =>
    (await import('./kafka-metadata-shell.ts')).kafkaMetadataShell,
  'kafka-producer-perf-test.sh': async () =>
    (await import('./kafka-producer-perf-test.ts')).kafkaProducerPerfTest,
  'kafka-reassign-partitions.sh': async () =>
    (await import('./kafka-reassign-partitions.ts')).kafkaReassignPartitions,
  'kafka-server-start.sh': async () => (await import('./kafka-server-start.ts')).kafkaServerStart,
  'kafka-server-stop.sh': async () => (await import('./kafka-server-stop.ts')).kafkaServerStop,
  'kafka-storage.sh': async () => (await import('./kafka-storage.ts')).kafkaStorage,
  'kafka-topics.sh': async () => (await import('./kafka-topics.ts')).kafkaTopics,
};
