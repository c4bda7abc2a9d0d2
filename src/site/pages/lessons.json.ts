import type { APIRoute } from 'astro';
import { languages } from '../../course/lesson.ts';
import { readLessons } from '../lessons/read-lessons.ts';

/** The course's index for programs: one entry a lesson and language. */
export const GET: APIRoute = async () => {
  const lessons = (await Promise.all(languages.map(readLessons))).flat();
  const index = lessons.map(({ id, lang, part, url, title, lab }) => ({
    id,
    lang,
    part,
    url,
    title,
    steps: lab.steps.map((step) => ({ id: step.id, title: step.title })),
    machines: lab.machines,
  }));
  return new Response(JSON.stringify(index, null, 2), {
    headers: { 'content-type': 'application/json' },
  });
};
