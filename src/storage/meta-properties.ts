import { type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import { CorruptFileError } from './storage-errors.ts';

export const metaPropertiesName = 'meta.properties';

/** What `kafka-storage.sh format` writes into every log directory (MetaProperties). */
export interface MetaProperties {
  /** 0 or 1; version 0 is of Kafka with ZooKeeper and has `broker.id`. */
  readonly version: number;
  readonly clusterId: string | undefined;
  readonly nodeId: number | undefined;
  /** Of this directory (KIP-858). */
  readonly directoryId: string | undefined;
}

/** Undefined when the directory is not formatted. Rejects with CorruptFileError. */
export async function readMetaProperties(
  files: FileSystem,
  logDir: string,
): Promise<MetaProperties | undefined> {
  const path = `${logDir}/${metaPropertiesName}`;
  if ((await files.stat(path)) === undefined) return undefined;
  const properties = parseProperties(new TextDecoder().decode(await readFile(files, path)));
  const version = Number(properties.get('version'));
  if (version !== 0 && version !== 1) {
    throw new CorruptFileError(path, `unknown version '${properties.get('version') ?? ''}'`);
  }
  const nodeId = properties.get(version === 0 ? 'broker.id' : 'node.id');
  if (nodeId !== undefined && !/^\d+$/.test(nodeId)) {
    throw new CorruptFileError(path, `'${nodeId}' is no node id`);
  }
  return {
    version,
    clusterId: properties.get('cluster.id'),
    nodeId: nodeId === undefined ? undefined : Number(nodeId),
    directoryId: properties.get('directory.id'),
  };
}

/** Replaces the file as a whole. `nowMs` goes into its comment, as Java's Properties have it. */
export async function writeMetaProperties(
  files: FileSystem,
  logDir: string,
  meta: MetaProperties,
  nowMs: number,
): Promise<void> {
  const lines = ['#', `#${javaDate(nowMs)}`];
  if (meta.nodeId !== undefined) {
    lines.push(`${meta.version === 0 ? 'broker.id' : 'node.id'}=${meta.nodeId}`);
  }
  if (meta.directoryId !== undefined) lines.push(`directory.id=${meta.directoryId}`);
  lines.push(`version=${meta.version}`);
  if (meta.clusterId !== undefined) lines.push(`cluster.id=${meta.clusterId}`);
  const content = new TextEncoder().encode(`${lines.join('\n')}\n`);
  await writeFileAtomically(files, `${logDir}/${metaPropertiesName}`, content);
}

/** Simplified: of Java's Properties format, comments, `=` and `:`, and backslashes before single characters. */
function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!\s=:][^\s=:]*)\s*[=:]?\s*(.*)$/.exec(line);
    if (match === null) continue;
    properties.set(match[1] ?? '', (match[2] ?? '').replace(/\\(.)/g, '$1').trim());
  }
  return properties;
}

/** As `java.util.Date.toString` in UTC: `Sun Nov 22 10:10:09 UTC 2026`. */
function javaDate(nowMs: number): string {
  const [day, date, month, year, time] = new Date(nowMs).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
