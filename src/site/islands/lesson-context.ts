import type { Strings } from '../i18n/en.ts';
import { strings } from '../i18n/strings.ts';
import type { LessonData } from '../lessons/lesson-page.ts';

export interface LessonContext {
  readonly lesson: LessonData;
  readonly text: Strings;
}

/** The lesson that this page shows, as the build wrote it into the page. */
export function readLessonContext(): LessonContext {
  const json = document.querySelector('#lesson-data')?.textContent ?? '{}';
  const lesson: LessonData = JSON.parse(json);
  return { lesson, text: strings[lesson.lang] };
}
