import type { Random } from '../base/random.ts';

const deleteSuffix = '-delete';
const folderNameMax = 255;

export interface TopicPartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** `topic-0` → topic and partition; undefined for folders that are no log's (UnifiedLog.parseTopicPartitionName). */
export function parseLogFolderName(name: string): TopicPartitionName | undefined {
  const dash = name.lastIndexOf('-');
  const digits = name.slice(dash + 1);
  if (dash <= 0 || !/^\d{1,9}$/.test(digits)) return undefined;
  return { topic: name.slice(0, dash), partition: Number(digits) };
}

export function logFolderName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** `topic-0.<32 hex digits>-delete`, cut so that a file system takes it. */
export function deletedFolderName(name: string, random: Random): string {
  const id = [...random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const suffix = `.${id}${deleteSuffix}`;
  return `${name.slice(0, folderNameMax - suffix.length)}${suffix}`;
}

export function isDeletedFolderName(name: string): boolean {
  return /^.+\.[0-9a-f]{32}-delete$/.test(name);
}
