import type { ExitCode, Program } from '../base/program.ts';
import { formatTopicPartition, type TopicPartition } from '../client/topic-partition.ts';
import { withAdmin } from './admin-tool.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { deleteRecordsOptions } from './options/delete-records-options.ts';
import { JoptError } from './parsers/jopt-parser.ts';
import { describeError, JavaError, javaNameOf, readTextFile } from './tool.ts';

type OffsetsToDelete = TopicPartition & { readonly offset: number };

/** `kafka-delete-records.sh`: Kafka's DeleteRecordsCommand. */
export const kafkaDeleteRecords: Program = joptProgram({
  name: 'kafka-delete-records.sh',
  options: deleteRecordsOptions,
  purpose:
    'This tool helps to delete records of the given partitions down to the specified offset.',
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { options, output, usage } = call;
  usage.require(options, 'bootstrap-server', 'offset-json-file');
  const offsets = parseOffsets(await readOffsetFile(call));
  const names = offsets.map(formatTopicPartition);
  const duplicates = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  if (0 < duplicates.size) {
    throw new JavaError(
      'org.apache.kafka.server.common.AdminCommandFailedException',
      `Offset json file contains duplicate topic partitions: ${[...duplicates].join(',')}`,
    );
  }
  output.out('Executing records delete operation');
  const results = await withAdmin(call, (admin) => admin.deleteRecords(offsets));
  output.out('Records delete operation completed:');
  for (const result of results) {
    const outcome =
      result.error === undefined
        ? `low_watermark: ${result.lowWatermark}`
        : `error: ${describeError(result.error)}`;
    output.out(`partition: ${formatTopicPartition(result)}\t${outcome}`);
  }
  return 0;
}

function onError(error: unknown, { output, usage }: ErrorCall): ExitCode {
  if (error instanceof JoptError) return usage.exit(error.message);
  if (javaNameOf(error) === undefined || !(error instanceof Error)) throw error;
  output.err(error.message);
  output.err(describeError(error));
  return 1;
}

async function readOffsetFile({ ctx, options }: JoptCall): Promise<string> {
  const path = options.valueOf('offset-json-file') ?? '';
  try {
    return await readTextFile(ctx, path);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: JavaError): JavaError {
  return new JavaError('java.io.IOException', `Unable to read file ${path}`, { cause });
}

/** `{"partitions": [{"topic", "partition", "offset"}], "version": 1}` */
function parseOffsets(text: string): readonly OffsetsToDelete[] {
  const json = parseJson(text);
  const version = json['version'] ?? 1;
  if (version !== 1) throw operationFailure(`Not supported version field value ${version}`);
  const { partitions } = json as { partitions?: unknown };
  if (!Array.isArray(partitions)) throw operationFailure('Missing partitions field');
  return partitions.map((each: unknown) => {
    const { topic, partition, offset } = (each ?? {}) as Partial<Record<string, unknown>>;
    const isComplete =
      typeof topic === 'string' &&
      typeof partition === 'number' &&
      typeof offset === 'number' &&
      Number.isSafeInteger(offset);
    if (!isComplete) {
      throw operationFailure('Every partition needs a topic, a partition and an offset');
    }
    return { topic, partition, offset };
  });
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw operationFailure('The input string is not a valid JSON');
}

function operationFailure(message: string): JavaError {
  return new JavaError('org.apache.kafka.server.common.AdminOperationException', message);
}
