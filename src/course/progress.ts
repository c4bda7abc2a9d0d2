/** Text files of the learner, by machine and absolute path. */
export type SavedFiles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is kept of one lesson in one browser. One value for each version of the lesson's lab. */
export interface LessonProgress {
  readonly lessonId: string;
  readonly contentHash: string;
  readonly savedAtMs: number;
  readonly passedAtMs: Readonly<Record<string, number>>;
  readonly files: SavedFiles;
}

export type Restoration =
  | { readonly kind: 'none' }
  | { readonly kind: 'current'; readonly progress: LessonProgress }
  /** The lesson has changed since: the learner chooses between the old work and a fresh start. */
  | { readonly kind: 'older'; readonly progress: LessonProgress };

export const savedFileBytesMax = 256 * 1024;
export const savedFilesMax = 200;

export function emptyProgress(lessonId: string, contentHash: string): LessonProgress {
  return { lessonId, contentHash, savedAtMs: 0, passedAtMs: {}, files: {} };
}

/** What to offer, given everything kept for this lesson. */
export function chooseRestoration(
  kept: readonly LessonProgress[],
  contentHash: string,
): Restoration {
  const current = kept.find((progress) => progress.contentHash === contentHash);
  if (current !== undefined) return { kind: 'current', progress: current };
  const newest = [...kept].sort((a, b) => b.savedAtMs - a.savedAtMs)[0];
  if (newest === undefined || !hasWork(newest)) return { kind: 'none' };
  return { kind: 'older', progress: newest };
}

export function withPassedStep(
  progress: LessonProgress,
  stepId: string,
  nowMs: number,
): LessonProgress {
  return {
    ...progress,
    savedAtMs: nowMs,
    passedAtMs: { ...progress.passedAtMs, [stepId]: nowMs },
  };
}

/** Keeps a changed file; one that is too large, or one too many, is left out. */
export function withFile(
  progress: LessonProgress,
  file: { readonly machine: string; readonly path: string; readonly content: string },
  nowMs: number,
): LessonProgress {
  const { machine, path, content } = file;
  const ofMachine = progress.files[machine] ?? {};
  const isNew = ofMachine[path] === undefined;
  if (savedFileBytesMax < content.length) return progress;
  if (isNew && savedFilesMax <= countFiles(progress.files)) return progress;
  const files = { ...progress.files, [machine]: { ...ofMachine, [path]: content } };
  return { ...progress, savedAtMs: nowMs, files };
}

/** Old work under a new lesson: the files come along, and so do passes of steps that still exist. */
export function carryOver(
  old: LessonProgress,
  contentHash: string,
  stepIds: readonly string[],
): LessonProgress {
  const passed = Object.entries(old.passedAtMs).filter(([id]) => stepIds.includes(id));
  return { ...old, contentHash, passedAtMs: Object.fromEntries(passed) };
}

function hasWork(progress: LessonProgress): boolean {
  return Object.keys(progress.passedAtMs).length > 0 || countFiles(progress.files) > 0;
}

function countFiles(files: SavedFiles): number {
  return Object.values(files).reduce((total, paths) => total + Object.keys(paths).length, 0);
}
