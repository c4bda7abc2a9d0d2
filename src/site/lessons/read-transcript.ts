import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../course/lesson.ts';
import { AuthorError } from './author-error.ts';

const nameForm = /^[a-z0-9-]+$/;

/**
 * The text of `lessons/<part>/transcripts/<name>.txt`, which a test of the simulator replays. Its comments are
 * English; `transcripts/<lang>/<name>.txt` holds them in another language, in the same order.
 */
export async function readTranscript(part: string, name: string, lang: Language): Promise<string> {
  const folder = join('lessons', part, 'transcripts');
  const text = await readNamed(folder, name);
  if (lang === 'en') return text.trimEnd();
  const comments = (await readNamed(join(folder, lang), name)).trimEnd().split(/\n\n+/);
  const own = text.match(commentForm) ?? [];
  if (own.length !== comments.length) {
    throw new AuthorError(
      `<Transcript name="${name}">: expected ${own.length} comments in ${lang}, found ${comments.length}`,
    );
  }
  let next = 0;
  return text.trimEnd().replaceAll(commentForm, () => comments[next++] ?? '');
}

/** Lines that belong together: one comment. */
const commentForm = /^#.*(?:\n#.*)*/gm;

async function readNamed(folder: string, name: string): Promise<string> {
  const path = join(folder, `${name}.txt`);
  const text = nameForm.test(name)
    ? await readFile(path, 'utf8').catch(() => undefined)
    : undefined;
  if (text === undefined) {
    throw new AuthorError(`<Transcript name="${name}">: expected the file ${path}, found none`);
  }
  return text;
}
