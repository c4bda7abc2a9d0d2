import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { QuorumTranscript } from '../testing/raft/quorum-transcript.ts';

const folder = new URL('./testdata/', import.meta.url);

test.for(readdirSync(folder).filter((name) => name.endsWith('.txt')))(
  'the transcript %s comes out as written',
  async (name) => {
    const output = QuorumTranscript.run(readFileSync(new URL(name, folder), 'utf8'));
    await expect(output).toMatchFileSnapshot(`./testdata/${name}`);
  },
);
