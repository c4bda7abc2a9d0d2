import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { BrokerError } from '../client/client-errors.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import type { DescribeLogDirsResponse } from '../protocol/schemas/35-describe-log-dirs.ts';
import { withAdmin } from './admin-tool.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { logDirsOptions } from './options/log-dirs-options.ts';
import { JoptError } from './parsers/jopt-parser.ts';
import { describeError, ExitError, JavaError, javaNameOf } from './tool.ts';

/** `kafka-log-dirs.sh`: Kafka's LogDirsCommand. */
export const kafkaLogDirs: Program = joptProgram({
  name: 'kafka-log-dirs.sh',
  options: logDirsOptions,
  purpose: 'This tool helps to query log directory usage on the specified brokers.',
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { options, output, usage } = call;
  usage.require(options, 'bootstrap-server', 'describe');
  const topics = new Set(words(options.valueOf('topic-list')));
  await withAdmin(call, async (admin) => {
    const brokers = await chooseBrokers(call, admin);
    output.out('Querying brokers for log directories information');
    const answers = await Promise.all(brokers.map((id) => admin.describeLogDirs(id)));
    output.out(`Received log directory information from brokers ${brokers.join(',')}`);
    const described = brokers.map((broker, i) => ({
      broker,
      logDirs: (answers[i]?.results ?? []).map((dir) => describeDir(dir, topics)),
    }));
    output.out(JSON.stringify({ brokers: described, version: 1 }));
  });
  return 0;
}

function onError(error: unknown, { output, usage }: ErrorCall): ExitCode {
  if (error instanceof JoptError) return usage.exit(error.message);
  if (javaNameOf(error) === undefined || !(error instanceof Error)) throw error;
  output.err(error.message);
  output.err(describeError(error));
  return 1;
}

async function chooseBrokers({ options, output }: JoptCall, admin: Admin): Promise<number[]> {
  const wanted = words(options.valueOf('broker-list')).map(parseId);
  const existing = (await admin.brokers()).map(({ id }) => id);
  const missing = wanted.filter((id) => !existing.includes(id));
  if (0 < missing.length) {
    output.err(
      `ERROR: The given brokers do not exist from --broker-list: ${missing.join(',')}. Current existent brokers: ${existing.join(',')}`,
    );
    throw new ExitError(1);
  }
  return wanted.length === 0 ? existing : [...new Set(wanted)].toSorted((a, b) => a - b);
}

function describeDir(
  dir: DescribeLogDirsResponse['results'][number],
  topics: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const partitions = dir.topics
    .filter(({ name }) => topics.size === 0 || topics.has(name))
    .flatMap(({ name, partitions: own }) =>
      own.map((each) => ({
        partition: `${name}-${each.partitionIndex}`,
        size: each.partitionSize,
        offsetLag: each.offsetLag,
        isFuture: each.isFutureKey,
      })),
    );
  const code = errorNameOf(dir.errorCode);
  const error = code === 'NONE' ? null : new BrokerError(code).javaName;
  return { partitions, error, logDir: dir.logDir };
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((word) => word !== '');
}

function parseId(word: string): number {
  if (/^-?\d+$/.test(word)) return Number(word);
  throw new JavaError('java.lang.NumberFormatException', `For input string: "${word}"`);
}
