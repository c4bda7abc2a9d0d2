import type { ExitCode, Program } from '../base/program.ts';
import { formatTopicPartition, type TopicPartition } from '../client/topic-partition.ts';
import { withAdmin } from './admin-tool.ts';
import { commandFailed, operationFailed } from './command-errors.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { deleteRecordsOptions } from './options/delete-records-options.ts';
import { JoptError } from './parsers/jopt-parser.ts';
import { duplicates } from './text/duplicates.ts';
import {
  jsonField,
  parseJson,
  toInteger,
  toJsonArray,
  toJsonObject,
  toLong,
  toText,
} from './text/json-value.ts';
import { describeError, JavaError, javaNameOf, readTextFile } from './tool.ts';

type OffsetsToDelete = TopicPartition & { readonly offset: number };

const formatVersion = 1;

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
  const twice = duplicates(offsets.map(formatTopicPartition));
  if (0 < twice.length) {
    throw commandFailed(`Offset json file contains duplicate topic partitions: ${twice.join(',')}`);
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
  if (json === undefined) throw operationFailed('The input string is not a valid JSON');
  const { version = formatVersion, partitions } = toJsonObject(json);
  if (toInteger(version) !== formatVersion) {
    throw operationFailed(`Not supported version field value ${version}`);
  }
  if (partitions === undefined) throw operationFailed('Missing partitions field');
  return toJsonArray(partitions).map((each) => {
    const object = toJsonObject(each);
    return {
      topic: toText(jsonField(object, 'topic')),
      partition: toInteger(jsonField(object, 'partition')),
      offset: toLong(jsonField(object, 'offset')),
    };
  });
}
