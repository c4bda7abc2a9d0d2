import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthorError } from './author-error.ts';

const nameForm = /^[a-z0-9-]+$/;

/** The text of `lessons/<part>/transcripts/<name>.txt`, which a test of the simulator replays. */
export async function readTranscript(part: string, name: string): Promise<string> {
  const path = join('lessons', part, 'transcripts', `${name}.txt`);
  const text = nameForm.test(name)
    ? await readFile(path, 'utf8').catch(() => undefined)
    : undefined;
  if (text === undefined) {
    throw new AuthorError(`<Transcript name="${name}">: expected the file ${path}, found none`);
  }
  return text.trimEnd();
}
