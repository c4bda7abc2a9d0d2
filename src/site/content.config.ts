import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { lessonSchema, partSchema } from '../course/lesson.ts';

const lessons = defineCollection({
  loader: glob({ base: './lessons', pattern: '[0-9]*/[0-9]*/{zh,en}.mdx' }),
  schema: lessonSchema,
});

const parts = defineCollection({
  loader: glob({ base: './lessons', pattern: '[0-9]*/part.json' }),
  schema: partSchema,
});

export const collections = { lessons, parts };
