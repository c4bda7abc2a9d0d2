import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { brokerApiVersionsOptions } from '../options/broker-api-versions-options.ts';
import { configsOptions } from '../options/configs-options.ts';
import { consoleConsumerOptions } from '../options/console-consumer-options.ts';
import { consoleProducerOptions } from '../options/console-producer-options.ts';
import { consumerGroupsOptions } from '../options/consumer-groups-options.ts';
import { consumerPerfTestOptions } from '../options/consumer-perf-test-options.ts';
import { deleteRecordsOptions } from '../options/delete-records-options.ts';
import { dumpLogOptions } from '../options/dump-log-options.ts';
import { getOffsetsOptions } from '../options/get-offsets-options.ts';
import { leaderElectionOptions } from '../options/leader-election-options.ts';
import { logDirsOptions } from '../options/log-dirs-options.ts';
import { reassignPartitionsOptions } from '../options/reassign-partitions-options.ts';
import { topicsOptions } from '../options/topics-options.ts';
import { joptHelp } from './jopt-help.ts';

const tables = {
  'broker-api-versions': brokerApiVersionsOptions,
  configs: configsOptions,
  'console-consumer': consoleConsumerOptions,
  'console-producer': consoleProducerOptions,
  'consumer-groups': consumerGroupsOptions,
  'consumer-perf-test': consumerPerfTestOptions,
  'delete-records': deleteRecordsOptions,
  'dump-log': dumpLogOptions,
  'get-offsets': getOffsetsOptions,
  'leader-election': leaderElectionOptions,
  'log-dirs': logDirsOptions,
  'reassign-partitions': reassignPartitionsOptions,
  topics: topicsOptions,
};

const randomGroup = /perf-consumer-\d+\) +/;

test.each(Object.keys(tables))(
  'the option table of kafka-%s.sh is what Kafka 3.8.0 prints',
  (name) => {
    const recorded = readFileSync(new URL(`../testdata/help/${name}.txt`, import.meta.url), 'utf8');
    const table = recorded.slice(recorded.indexOf('\nOption ') + 1);
    const help = joptHelp(tables[name as keyof typeof tables]);
    expect(help.replace(randomGroup, 'perf-consumer-0')).toBe(
      table.replace(randomGroup, 'perf-consumer-0'),
    );
  },
);
