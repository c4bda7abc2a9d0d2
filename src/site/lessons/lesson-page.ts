import type { Language, LessonFrontMatter } from '../../course/lesson.ts';

/** A lesson in one language, as pages need it. */
export interface LessonPage extends LessonFrontMatter {
  /** `<NN-part>/<NN-lesson>`, the same in every language. */
  readonly id: string;
  readonly lang: Language;
  readonly part: string;
  readonly partTitle: string;
  /** `/<lang>/<part>/<lesson>/` */
  readonly url: string;
  readonly contentHash: string;
}

/** What the page's script gets of a lesson. */
export interface LessonData {
  readonly id: string;
  readonly lang: Language;
  readonly contentHash: string;
  readonly lab: LessonFrontMatter['lab'];
  /** The lesson's `_files`, by machine ('*' is every machine), then by absolute path. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly solutionFiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
