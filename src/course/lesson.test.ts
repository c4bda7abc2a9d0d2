import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { languageIndependentPart, languages, lessonSchema } from './lesson.ts';

const root = join(import.meta.dirname, '../../lessons');
const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('/en.mdx'))
  .map((path) => path.slice(0, -'/en.mdx'.length));

function readLesson(folder: string, lang: string) {
  const text = readFileSync(join(root, folder, `${lang}.mdx`), 'utf8');
  const [, frontMatter = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  return { lesson: lessonSchema.parse(parse(frontMatter)), body };
}

test.for(folders)('%s is the same lab in every language', (folder) => {
  const [first, ...others] = languages.map((lang) =>
    languageIndependentPart(readLesson(folder, lang).lesson),
  );
  for (const other of others) expect(other).toEqual(first);
});

test.for(folders)(
  '%s shows its steps in order, and the same commands in every language',
  (folder) => {
    const shown = languages.map((lang) => {
      const { lesson, body } = readLesson(folder, lang);
      const steps = [...body.matchAll(/<Step id="([^"]+)">/g)].map((match) => match[1]);
      expect(steps).toEqual(lesson.lab.steps.map((step) => step.id));
      return [...body.matchAll(/<Command [^\n]*/g)].map((match) => match[0]);
    });
    expect(shown[1]).toEqual(shown[0]);
  },
);

test.for(folders)('%s has neither exclamation marks nor emoji in its text', (folder) => {
  for (const lang of languages) {
    const prose = readLesson(folder, lang).body.replaceAll(/<Command [^\n]*/g, '');
    expect(prose).not.toMatch(/[!！]|\p{Extended_Pictographic}/u);
  }
});
