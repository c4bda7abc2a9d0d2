/** The metadata versions of Kafka 3.8.0; the first has level 1. */
export const metadataVersionNames: readonly string[] = [
  '3.0-IV1',
  '3.1-IV0',
  '3.2-IV0',
  '3.3-IV0',
  '3.3-IV1',
  '3.3-IV2',
  '3.3-IV3',
  '3.4-IV0',
  '3.5-IV0',
  '3.5-IV1',
  '3.5-IV2',
  '3.6-IV0',
  '3.6-IV1',
  '3.6-IV2',
  '3.7-IV0',
  '3.7-IV1',
  '3.7-IV2',
  '3.7-IV3',
  '3.7-IV4',
  '3.8-IV0',
];

/** 3.8.0 knows these too, and holds them back. */
export const unstableMetadataVersions: readonly MetadataVersion[] = [
  { name: '3.9-IV0', level: 21 },
  { name: '4.0-IV0', level: 22 },
];

export interface MetadataVersion {
  readonly name: string;
  readonly level: number;
}

/** What a cluster is formatted with unless told otherwise. */
export const latestMetadataVersion: MetadataVersion = { name: '3.8-IV0', level: 20 };

/** The first version under which a broker may have several log directories (KIP-858). */
export const jbodMetadataVersion: MetadataVersion = { name: '3.7-IV2', level: 17 };

/** `3.8` is the newest of that release, `3.7-IV1` exactly that one. */
export function metadataVersionOf(text: string): MetadataVersion | undefined {
  const release = /^\d+\.\d+(?:-IV\d+)?/.exec(text)?.[0] ?? text;
  const at = metadataVersionNames.findLastIndex(
    (name) => name === release || name.startsWith(`${release}-`),
  );
  return at === -1 ? undefined : { name: metadataVersionNames[at] ?? '', level: at + 1 };
}

export function metadataVersionOfLevel(level: number): MetadataVersion | undefined {
  const name = metadataVersionNames[level - 1];
  return name === undefined ? undefined : { name, level };
}
