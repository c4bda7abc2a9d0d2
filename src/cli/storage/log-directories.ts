import { readFile } from '../../base/file-system.ts';
import type { ProgramContext } from '../../base/program.ts';
import { type MetaProperties, readMetaProperties } from '../../storage/meta-properties.ts';
import { parseProperties } from '../text/properties.ts';
import { JavaError, resolvePath } from '../tool.ts';

/** A log directory of the configuration; `name` is as it stands there. */
export interface LogDirectory {
  readonly name: string;
  readonly path: string;
  readonly state: 'missing' | 'not-a-directory' | 'empty' | 'formatted';
  readonly meta: MetaProperties | undefined;
}

/** `log.dirs` (or `log.dir`) and `metadata.log.dir`, sorted, each once. */
export async function findLogDirectories(
  ctx: ProgramContext,
  names: readonly string[],
): Promise<readonly LogDirectory[]> {
  const sorted = [...new Set(names)].toSorted();
  return await Promise.all(sorted.map((name) => findLogDirectory(ctx, name)));
}

async function findLogDirectory(ctx: ProgramContext, name: string): Promise<LogDirectory> {
  const path = resolvePath(ctx, name);
  const stat = await ctx.files.stat(path);
  if (stat === undefined) return { name, path, state: 'missing', meta: undefined };
  if (stat.kind !== 'directory') return { name, path, state: 'not-a-directory', meta: undefined };
  const meta = await readMetaProperties(ctx.files, path);
  return { name, path, state: meta === undefined ? 'empty' : 'formatted', meta };
}

/** All formatted directories must be of the same node and cluster (MetaPropertiesEnsemble.verify). Throws JavaError. */
export function verifyDirectories(
  directories: readonly LogDirectory[],
  expected: { readonly clusterId: string; readonly nodeId: number },
): void {
  for (const { name, meta } of directories) {
    if (meta === undefined) continue;
    const path = `${name}/meta.properties`;
    if (meta.clusterId !== expected.clusterId) {
      throw new JavaError(
        'java.lang.RuntimeException',
        `Invalid cluster.id in: ${path}. Expected ${expected.clusterId}, but read ${meta.clusterId}`,
      );
    }
    if (meta.nodeId !== expected.nodeId) {
      throw new JavaError(
        'java.lang.RuntimeException',
        `Stored node id ${meta.nodeId} doesn't match previous node id ${expected.nodeId} in ${path}. If you moved your data, make sure your configured node id matches. If you intend to create a new node, you should remove all data in your data directories.`,
      );
    }
  }
}

/** The file's own properties, in the order of their names: for `info`. */
export async function rawMetaProperties(
  ctx: ProgramContext,
  directory: LogDirectory,
): Promise<readonly (readonly [string, string])[]> {
  const bytes = await readFile(ctx.files, `${directory.path}/meta.properties`);
  const entries = Object.entries(parseProperties(new TextDecoder().decode(bytes)));
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
