import type { ExitCode, Program } from '../base/program.ts';
import type { VersionRange } from '../client/api-calls.ts';
import { type ApiSpec, apis } from '../protocol/api.ts';
import { withAdmin } from './admin-tool.ts';
import { type JoptCall, joptProgram } from './jopt-tool.ts';
import { brokerApiVersionsOptions } from './options/broker-api-versions-options.ts';

/** `kafka-broker-api-versions.sh`: Kafka's BrokerApiVersionsCommand. */
export const kafkaBrokerApiVersions: Program = joptProgram({
  name: 'kafka-broker-api-versions.sh',
  options: brokerApiVersionsOptions,
  purpose: 'This tool helps to retrieve broker version information.',
  run,
});

/** Where Kafka 3.8.0's own client stops short of what later brokers advertise. */
const clientMax: Readonly<Record<string, number>> = {
  ApiVersions: 3,
  ConsumerGroupDescribe: 0,
  ConsumerGroupHeartbeat: 0,
  DescribeCluster: 1,
  DescribeGroups: 5,
  DescribeQuorum: 1,
  Fetch: 16,
  FindCoordinator: 5,
  ListOffsets: 8,
};
/** DescribeTopicPartitions, the newest API of 3.8. */
const lastKnownKey = 75;

/** Between brokers and controllers only, but in the client's list all the same. */
const internalApis: ReadonlySet<string> = new Set([
  'AlterPartition',
  'Envelope',
  'AllocateProducerIds',
]);

async function run(call: JoptCall): Promise<ExitCode> {
  const { options, output, usage } = call;
  usage.require(options, 'bootstrap-server');
  await withAdmin(call, async (admin) => {
    for (const { id, host, port, rack } of await admin.brokers()) {
      const { versions } = await admin.retry('apiVersions', () => admin.client.connectionTo(id));
      output.out(`${host}:${port} (id: ${id} rack: ${rack}) -> (`);
      output.out(describeVersions(versions).join(',\n'));
      output.out(')');
    }
  });
  return 0;
}

function describeVersions(versions: ReadonlyMap<number, VersionRange>): readonly string[] {
  // What came after 3.8 its client does not know.
  const known = apis.filter((api) => api.key <= lastKnownKey && isClientApi(api));
  const unknownKeys = [...versions.keys()].filter((key) => !known.some((api) => api.key === key));
  const lines = known.map((api) => [api.key, describeApi(api, versions.get(api.key))] as const);
  const unknown = unknownKeys.map((key) => {
    const range = versions.get(key);
    return [key, `\tUNKNOWN(${key}): ${range === undefined ? '' : formatRange(range)}`] as const;
  });
  return [...lines, ...unknown].toSorted(([a], [b]) => a - b).map(([, line]) => line);
}

/** What a client may send to a broker; those of ZooKeeper's time are still in the list of 3.8. */
function isClientApi({ name, listeners }: ApiSpec): boolean {
  return listeners.length === 0 || listeners.includes('broker') || internalApis.has(name);
}

function describeApi(
  { key, name, versions: own }: ApiSpec,
  served: VersionRange | undefined,
): string {
  if (served === undefined) return `\t${name}(${key}): UNSUPPORTED`;
  const usable = Math.min(clientMax[name] ?? own[1], served.max);
  const shown = served.min <= usable ? String(usable) : 'none';
  return `\t${name}(${key}): ${formatRange(served)} [usable: ${shown}]`;
}

function formatRange({ min, max }: VersionRange): string {
  return min === max ? String(min) : `${min} to ${max}`;
}
