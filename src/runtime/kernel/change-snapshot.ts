import type { FileContent, MachineChanges } from '../provider.ts';
import type { Machine } from './machine.ts';
import type { VirtualFiles } from './virtual-files.ts';

/** What a person edits; logs and data folders of brokers do not come back. */
const keptRoots = ['/home', '/opt', '/etc', '/usr/local'];
const largestKeptBytes = 262_144;
const largestSnapshotBytes = 8_388_608;
/** A Kafka data or log folder is rebuilt by running, not kept. */
const neverKept = /\/(logs|kafka-logs|kraft-combined-logs)\//;

/** Small files that differ from those of a fresh machine, for the page to keep over a reload. */
export function changesOf(machines: ReadonlyMap<string, Machine>): MachineChanges {
  const changes: Record<string, Readonly<Record<string, FileContent | null>>> = {};
  let room = largestSnapshotBytes;
  for (const [name, { files }] of machines) {
    const changed: Record<string, FileContent | null> = {};
    for (const path of files.removedSinceFresh()) {
      if (isKept(path)) changed[path] = null;
    }
    for (const [path, content] of changedFiles(files)) {
      room -= content.content.length;
      if (room < 0) break;
      changed[path] = content;
    }
    changes[name] = changed;
  }
  return changes;
}

function* changedFiles(files: VirtualFiles): Generator<readonly [string, FileContent]> {
  for (const root of keptRoots) {
    for (const [path, node] of files.walk(root)) {
      if (node.kind === 'directory' || !node.isChanged || !isKept(path)) continue;
      const { sizeBytes } = node.body;
      if (sizeBytes <= largestKeptBytes) {
        yield [path, { content: node.body.read(0, sizeBytes), mode: node.mode }];
      }
    }
  }
}

function isKept(path: string): boolean {
  return keptRoots.some((root) => path.startsWith(`${root}/`)) && !neverKept.test(path);
}
