import type { Language } from '../../course/lesson.ts';
import { en, type Strings } from './en.ts';
import { zh } from './zh.ts';

export const strings: Readonly<Record<Language, Strings>> = { zh, en };

export const languageNames: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' };

/** Puts values into `{name}` places. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
