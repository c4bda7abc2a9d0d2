import type { FileContent } from './provider.ts';

export const kafkaHome = '/opt/kafka_2.13-3.8.0';

const sources = import.meta.glob<string>(
  ['../../sandboxes/kafka/bin/*', '../../sandboxes/kafka/config/**/*'],
  { query: '?raw', import: 'default', eager: true },
);

/** `sandboxes/kafka/` as every machine has it: the commands and the configuration. */
export function kafkaHomeFiles(): Readonly<Record<string, FileContent>> {
  const files: Record<string, FileContent> = {};
  for (const [path, content] of Object.entries(sources)) {
    const inside = path.slice(path.indexOf('/sandboxes/kafka/') + '/sandboxes/kafka'.length);
    files[kafkaHome + inside] = { content, mode: content.startsWith('#!') ? 0o755 : 0o644 };
  }
  return files;
}
