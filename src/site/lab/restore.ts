import { carryOver, type Restoration, type SavedFiles } from '../../course/progress.ts';
import type { BootOptions, FileContent, Sandbox } from '../../runtime/provider.ts';
import { fill } from '../i18n/strings.ts';
import type { LessonContext } from '../islands/lesson-context.ts';
import { changeProgress, forgetProgress } from '../islands/progress-store.ts';
import { showNote } from './lab-note.ts';

/** The lesson's files with the learner's laid over them. */
export function toOverlay(lessonFiles: SavedFiles, saved: SavedFiles): BootOptions['files'] {
  const overlay: Record<string, Record<string, FileContent>> = {};
  for (const layer of [lessonFiles, saved]) {
    for (const [machine, files] of Object.entries(layer)) {
      const entries = Object.entries(files).map(([path, content]) => [path, { content }] as const);
      overlay[machine] = { ...overlay[machine], ...Object.fromEntries(entries) };
    }
  }
  return overlay;
}

/** A changed lesson offers both: the old files and passes, or a fresh start. */
export function offerOlderWork(
  work: HTMLElement,
  { progress }: Restoration & { kind: 'older' },
  { lesson, text }: LessonContext,
  { files }: Pick<Sandbox, 'files'>,
): void {
  const when = new Date(progress.savedAtMs).toLocaleString(lesson.lang);
  const forget = () => forgetProgress(lesson.id, progress.contentHash);
  const take = async () => {
    for (const [machine, saved] of Object.entries(progress.files)) {
      for (const [path, content] of Object.entries(saved))
        await files.write(machine, path, content);
    }
    const stepIds = lesson.lab.steps.map((step) => step.id);
    await changeProgress(lesson, () => carryOver(progress, lesson.contentHash, stepIds));
    await forget();
    document.dispatchEvent(new CustomEvent('lab:progress'));
  };
  showNote(work, fill(text.olderWork, { when }), [
    { label: text.takeOld, run: () => void take() },
    { label: text.startFresh, run: () => void forget() },
  ]);
}
