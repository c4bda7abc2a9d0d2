import { FileError } from '../base/file-system.ts';
import type { ExitCode, Program } from '../base/program.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import { type ArgparseCall, argparseProgram } from './argparse-tool.ts';
import { runInteractively } from './metadata-shell/interactive-session.ts';
import { metadataTree } from './metadata-shell/metadata-tree.ts';
import { readMetadataImage } from './metadata-shell/read-metadata-image.ts';
import { ShellSession } from './metadata-shell/shell-session.ts';
import { metadataShellSpec } from './options/metadata-shell-options.ts';
import { codecsFor, formatLogTime, JavaError, resolvePath } from './tool.ts';

/** `kafka-metadata-shell.sh`: Kafka's MetadataShell, over a segment or a snapshot of the metadata log. */
export const kafkaMetadataShell: Program = argparseProgram(
  'kafka-metadata-shell.sh',
  metadataShellSpec,
  run,
);

async function run(call: ArgparseCall): Promise<ExitCode> {
  const { ctx, output, parsed } = call;
  const snapshot = parsed.values.get('snapshot')?.[0];
  if (snapshot === undefined) {
    const reason = 'You must specify either a raft manager or a snapshot file reader.';
    output.err(`Unexpected error: ${reason}`);
    output.err(`java.lang.RuntimeException: ${reason}`);
    return 1;
  }
  const image = await readImage(call, snapshot);
  if (image === undefined) return 1;
  const words = parsed.values.get('command') ?? [];
  const root = metadataTree(image);
  if (words.length === 0) return await runInteractively({ ctx, output, root });
  const print = (line: string) => output.out(line);
  new ShellSession({ root, isInteractive: false, columns: 0, print }).run(words);
  return 0;
}

async function readImage(
  { ctx, output, parsed }: ArgparseCall,
  name: string,
): Promise<MetadataImage | undefined> {
  const isInteractive = !parsed.values.has('command');
  if (isInteractive) output.out('Loading...');
  const onError = (message: string) =>
    output.err(
      `[${formatLogTime(ctx.clock.nowMs())}] ERROR ${message} (org.apache.kafka.metadata.util.SnapshotFileReader)`,
    );
  const path = resolvePath(ctx, name);
  try {
    return await readMetadataImage({ files: ctx.files, codecs: codecsFor(ctx), path, onError });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { javaName } = new JavaError('java.nio.file.NoSuchFileException', name, { cause: error });
    output.err(`Unexpected error: ${javaName}: ${name}`);
    output.err(`java.util.concurrent.ExecutionException: ${javaName}: ${name}`);
    output.err(`Caused by: ${javaName}: ${name}`);
    return undefined;
  }
}
