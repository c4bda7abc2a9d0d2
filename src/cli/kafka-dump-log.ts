import { FileError } from '../base/file-system.ts';
import type { ExitCode, Program } from '../base/program.ts';
import {
  dumpOffsetIndex,
  dumpProducerSnapshot,
  dumpTimeIndex,
  dumpTransactionIndex,
} from './dump/dump-index-files.ts';
import { dumpLogFile } from './dump/dump-log-file.ts';
import {
  decodeAsText,
  decodeMetadata,
  decodeOffsets,
  type RecordDecoder,
} from './dump/record-decoders.ts';
import { type JoptCall, joptProgram, uncaughtJopt } from './jopt-tool.ts';
import { dumpLogOptions } from './options/dump-log-options.ts';
import type { JoptOptionSet } from './parsers/jopt-parser.ts';
import { codecsFor, JavaError, resolvePath } from './tool.ts';

/** `kafka-dump-log.sh`: Kafka's DumpLogSegments. */
export const kafkaDumpLog: Program = joptProgram({
  name: 'kafka-dump-log.sh',
  options: dumpLogOptions,
  purpose:
    'This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly corrupt log segment.',
  run,
  onError: uncaughtJopt,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { options, usage } = call;
  usage.require(options, 'files');
  for (const name of (options.valueOf('files') ?? '').split(',')) {
    await dumpFile(call, name);
  }
  return 0;
}

async function dumpFile(call: JoptCall, name: string): Promise<void> {
  const { ctx, output, options } = call;
  output.out(`Dumping ${name}`);
  const path = resolvePath(ctx, name);
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const suffix = fileName.slice(fileName.lastIndexOf('.'));
  const baseOffset = Number(/^\d+/.exec(fileName)?.[0] ?? 0);
  const file = { ctx, output, path, name, baseOffset };
  const isSanityCheck = options.has('index-sanity-check');
  try {
    switch (suffix) {
      case '.log':
      case '.checkpoint':
        await dumpLog(call, path, logHead(fileName, suffix));
        break;
      case '.index':
        await dumpOffsetIndex(file, isSanityCheck);
        break;
      case '.timeindex':
        await dumpTimeIndex(file, isSanityCheck);
        break;
      case '.snapshot':
        await dumpProducerSnapshot(file);
        break;
      case '.txnindex':
        await dumpTransactionIndex(file);
        break;
      default:
        output.err(`Ignoring unknown file ${name}`);
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw missing(name, error);
  }
}

async function dumpLog(call: JoptCall, path: string, head: string): Promise<void> {
  const options = logOptions(call);
  call.output.out(head);
  await dumpLogFile(call.ctx, call.output, path, options);
}

function missing(name: string, cause: FileError): JavaError {
  return new JavaError('java.nio.file.NoSuchFileException', name, { cause });
}

function logHead(fileName: string, suffix: string): string {
  const [, offset = '0', epoch] = /^(\d+)(?:-(\d+))?\./.exec(fileName) ?? [];
  if (suffix === '.log') return `Log starting offset: ${Number(offset)}`;
  if (fileName === 'bootstrap.checkpoint') return 'KRaft bootstrap snapshot';
  return `Snapshot end offset: ${Number(offset)}, epoch: ${Number(epoch ?? 0)}`;
}

function logOptions({ ctx, options }: JoptCall) {
  const decoder = chooseDecoder(options);
  return {
    codecs: codecsFor(ctx),
    decoder,
    isDeep: decoder !== undefined || options.has('deep-iteration'),
    skipsRecordMetadata: options.has('skip-record-metadata'),
    bytesMax: options.numberOf('max-bytes') ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Undefined: keys and payloads are not shown. */
function chooseDecoder(options: JoptOptionSet): RecordDecoder | undefined {
  if (options.has('offsets-decoder')) return decodeOffsets;
  if (options.has('cluster-metadata-decoder')) return decodeMetadata;
  // Simplified: transactions are to come, and with them the decoder of their log.
  const isShown = [
    'print-data-log',
    'transaction-log-decoder',
    'key-decoder-class',
    'value-decoder-class',
  ];
  return isShown.some((name) => options.has(name)) ? decodeAsText : undefined;
}
