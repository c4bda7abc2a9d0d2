import type { PerfRun } from '../../course/perf-run.ts';

const runsMax = 40;

/** Runs of one lesson, oldest first; kept in this browser. */
export function readRuns(lessonId: string): PerfRun[] {
  try {
    return JSON.parse(localStorage.getItem(`runs:${lessonId}`) ?? '[]');
  } catch {
    return [];
  }
}

export function addRun(lessonId: string, run: PerfRun): void {
  write(lessonId, [...readRuns(lessonId), run].slice(-runsMax));
}

export function clearRuns(lessonId: string, kind?: PerfRun['kind']): void {
  write(
    lessonId,
    readRuns(lessonId).filter((run) => kind !== undefined && run.kind !== kind),
  );
}

function write(lessonId: string, runs: readonly PerfRun[]): void {
  try {
    localStorage.setItem(`runs:${lessonId}`, JSON.stringify(runs));
  } catch {
    // Full or switched off: the charts show what they have got.
  }
  document.dispatchEvent(new CustomEvent('lab:runs'));
}
