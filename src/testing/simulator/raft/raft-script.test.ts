import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replayRaftScript } from './raft-script.ts';

/** The lesson shows these files: what a reader sees there is what the replicas of this build do. */
const folder = new URL('../../../../lessons/03-kraft/transcripts/', import.meta.url);

test.for(readdirSync(folder).filter((name) => name.endsWith('.txt')))(
  'the transcript %s comes out as written',
  async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    await expect(await replayRaftScript(text)).toMatchFileSnapshot(
      `../../../../lessons/03-kraft/transcripts/${name}`,
    );
  },
);
