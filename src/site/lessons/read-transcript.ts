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
  const text = (await readNamed(folder, name)).trimEnd();
  const own = text.match(commentForm)?.map(inOneLine) ?? [];
  const comments = lang === 'en' ? own : await readComments(join(folder, lang), name);
  if (own.length !== comments.length) {
    throw new AuthorError(
      `<Transcript name="${name}">: expected ${own.length} comments in ${lang}, found ${comments.length}`,
    );
  }
  let next = 0;
  return text.replaceAll(commentForm, () => comments[next++] ?? '');
}

async function readComments(folder: string, name: string): Promise<readonly string[]> {
  return (await readNamed(folder, name)).trimEnd().split(/\n\n+/);
}

/** The page breaks lines where its width asks for it. */
function inOneLine(comment: string): string {
  return comment.replaceAll('\n# ', ' ');
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
