import type { FileContent, MachineChanges } from '../provider.ts';
import type { Container } from './container-api.ts';

const keptRoots = ['home/learner', 'opt/kafka_2.13-3.8.0/config', 'etc', 'usr/local'];
const largestKeptBytes = 262_144;

/** Small files that differ from those that were mounted. */
export async function containerChanges(
  container: Container,
  machine: string,
  mounted: Readonly<Record<string, FileContent>>,
): Promise<MachineChanges> {
  const changes: Record<string, FileContent | null> = {};
  const seen = new Set<string>();
  for (const root of keptRoots) {
    for await (const path of filesUnder(container, root)) {
      seen.add(`/${path}`);
      const bytes = await container.fs.readFile(path);
      const isSame = isEqual(bytes, mounted[`/${path}`]?.content);
      if (!isSame && bytes.length <= largestKeptBytes) changes[`/${path}`] = { content: bytes };
    }
  }
  for (const path of Object.keys(mounted)) {
    const isKept = keptRoots.some((root) => path.startsWith(`/${root}/`));
    if (isKept && !seen.has(path)) changes[path] = null;
  }
  return { [machine]: changes };
}

async function* filesUnder(container: Container, folder: string): AsyncGenerator<string> {
  const entries = await container.fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(container, path);
    else yield path;
  }
}

function isEqual(bytes: Uint8Array, content: string | Uint8Array | undefined): boolean {
  if (content === undefined) return false;
  const other = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}
