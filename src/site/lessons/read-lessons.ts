import { type CollectionEntry, getCollection } from 'astro:content';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Language, languageIndependentPart, languages } from '../../course/lesson.ts';
import { AuthorError } from './author-error.ts';
import type { LessonData, LessonPage } from './lesson-page.ts';

export interface LessonWithEntry extends LessonPage {
  readonly entry: CollectionEntry<'lessons'>;
  readonly data: LessonData;
}

/** All lessons in one language, in the order of the course. */
export async function readLessons(lang: Language): Promise<LessonWithEntry[]> {
  const parts = await getCollection('parts');
  const entries = await getCollection('lessons', (entry) => entry.id.endsWith(`/${lang}`));
  entries.sort((a, b) => a.id.localeCompare(b.id));
  return Promise.all(
    entries.map((entry) => {
      const [part = ''] = entry.id.split('/');
      const title = parts.find((candidate) => candidate.id.startsWith(`${part}/`))?.data.title;
      return toLesson(entry, lang, { part, partTitle: title?.[lang] ?? part });
    }),
  );
}

export interface PartWithLessons {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly lessons: readonly LessonWithEntry[];
}

export async function readParts(lang: Language): Promise<PartWithLessons[]> {
  const lessons = await readLessons(lang);
  const parts = await getCollection('parts');
  return parts
    .map(({ id, data }) => ({ id: id.split('/')[0] ?? id, data }))
    .sort((a, b) => a.id.localeCompare(b.id))
    .map(({ id, data }) => ({
      id,
      title: data.title[lang],
      description: data.description[lang],
      lessons: lessons.filter((lesson) => lesson.part === id),
    }));
}

/** Paths for every lesson in every language, with its neighbours. */
export async function lessonPaths() {
  const all = await Promise.all(languages.map(readLessons));
  return all.flatMap((lessons) =>
    lessons.map((lesson, index) => ({
      params: {
        lang: lesson.lang,
        part: lesson.part,
        lesson: lesson.id.slice(lesson.part.length + 1),
      },
      props: { lesson, previous: lessons[index - 1], next: lessons[index + 1] },
    })),
  );
}

async function toLesson(
  entry: CollectionEntry<'lessons'>,
  lang: Language,
  part: { part: string; partTitle: string },
): Promise<LessonWithEntry> {
  const id = entry.id.slice(0, -`/${lang}`.length);
  const files = await readFiles(id, part.part, entry.data.lab.preset);
  const solutionFiles = await readOverlay(join('lessons', id, '_solution'));
  const essence = JSON.stringify([languageIndependentPart(entry.data), files]);
  const contentHash = createHash('sha256').update(essence).digest('hex').slice(0, 12);
  const { lab } = entry.data;
  return {
    ...entry.data,
    ...part,
    id,
    lang,
    url: `/${lang}/${id}/`,
    contentHash,
    entry,
    data: { id, lang, contentHash, lab, files, solutionFiles },
  };
}

/** The files of the part's preset, and the lesson's own over them. */
async function readFiles(
  id: string,
  part: string,
  preset: string | undefined,
): Promise<LessonData['files']> {
  const own = await readOverlay(join('lessons', id, '_files'));
  if (preset === undefined) return own;
  const shared = await readOverlay(join('lessons', part, '_presets', preset));
  if (Object.keys(shared).length === 0) {
    throw new AuthorError(
      `${id}: expected files in lessons/${part}/_presets/${preset}, found none`,
    );
  }
  const machines = new Set([...Object.keys(shared), ...Object.keys(own)]);
  return Object.fromEntries(
    [...machines].map((machine) => [machine, { ...shared[machine], ...own[machine] }]),
  );
}

/**
 * Files under `_files/` and `_solution/`: the first folder is the machine (`all` is every machine),
 * the rest the absolute path there.
 */
async function readOverlay(folder: string): Promise<LessonData['files']> {
  const overlay: Record<string, Record<string, string>> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const [machine = '', ...rest] = path.slice(folder.length + 1).split(sep);
    const files = overlay[machine === 'all' ? '*' : machine] ?? {};
    files[`/${rest.join('/')}`] = await readFile(path, 'utf8');
    overlay[machine === 'all' ? '*' : machine] = files;
  }
  return overlay;
}
