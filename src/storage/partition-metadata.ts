import { type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import { partitionMetadataName } from './log-file-names.ts';
import { CorruptFileError } from './storage-errors.ts';

/** The topic's id, from `partition.metadata`; undefined when there is no such file. Rejects with CorruptFileError. */
export async function readTopicId(files: FileSystem, folder: string): Promise<string | undefined> {
  const path = `${folder}/${partitionMetadataName}`;
  if ((await files.stat(path)) === undefined) return undefined;
  const text = new TextDecoder().decode(await readFile(files, path));
  const match = /^version: 0\r?\ntopic_id: (\S{22})\s*$/.exec(text);
  if (match === null)
    throw new CorruptFileError(path, 'neither version nor topic id is as expected');
  return match[1];
}

export async function writeTopicId(
  files: FileSystem,
  folder: string,
  topicId: string,
): Promise<void> {
  const content = new TextEncoder().encode(`version: 0\ntopic_id: ${topicId}`);
  await writeFileAtomically(files, `${folder}/${partitionMetadataName}`, content);
}
