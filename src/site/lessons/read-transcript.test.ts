import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languages } from '../../course/lesson.ts';
import { readTranscript } from './read-transcript.ts';

const part = '03-kraft';
const names = readdirSync(`lessons/${part}/transcripts`)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -'.txt'.length));

function linesOf(text: string, isComment: boolean): string[] {
  return text.split('\n').filter((line) => line.startsWith('#') === isComment);
}

test.for(names)('the transcript %s tells the same in every language', async (name) => {
  const [first = '', ...others] = await Promise.all(
    languages.map((lang) => readTranscript(part, name, lang)),
  );
  for (const other of others) expect(linesOf(other, false)).toEqual(linesOf(first, false));
});

test('what the author says in a transcript is in the reader’s language', async () => {
  const [comment] = linesOf(await readTranscript(part, 'election', 'zh'), true);
  expect(comment).toMatch(/^# 三台机器启动/);
});

test('a transcript that is not there is the author’s mistake', async () => {
  await expect(readTranscript(part, 'none', 'en')).rejects.toThrow('found none');
  await expect(readTranscript(part, '../part', 'en')).rejects.toThrow('found none');
});
