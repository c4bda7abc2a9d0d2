import {
  chooseRestoration,
  emptyProgress,
  type LessonProgress,
  type Restoration,
} from '../../course/progress.ts';

/** Which lesson, and which version of its lab. */
export interface LessonVersion {
  readonly id: string;
  readonly contentHash: string;
}

const storeName = 'progress';
let opening: Promise<IDBDatabase | undefined> | undefined;
let changing: Promise<unknown> = Promise.resolve();

/** What is kept for this version of the lesson. */
export async function readProgress(lesson: LessonVersion): Promise<LessonProgress> {
  const restoration = await readRestoration(lesson);
  if (restoration.kind === 'current') return restoration.progress;
  return emptyProgress(lesson.id, lesson.contentHash);
}

export async function readRestoration(lesson: LessonVersion): Promise<Restoration> {
  const kept = await request<LessonProgress[]>('readonly', (store) =>
    store.getAll(IDBKeyRange.bound(`${lesson.id}@`, `${lesson.id}@\uffff`)),
  );
  return chooseRestoration(kept ?? [], lesson.contentHash);
}

/** Changes follow one another: each sees what the one before it kept. */
export function changeProgress(
  lesson: LessonVersion,
  change: (progress: LessonProgress) => LessonProgress,
): Promise<void> {
  const changed = changing.then(async () => {
    const next = change(await readProgress(lesson));
    await request('readwrite', (store) => store.put(next, keyOf(lesson)));
  });
  changing = changed.catch(() => undefined);
  return changed;
}

/** Forgets this lesson: all its versions, or the one given. */
export async function forgetProgress(lessonId: string, contentHash?: string): Promise<void> {
  const keys =
    contentHash === undefined
      ? IDBKeyRange.bound(`${lessonId}@`, `${lessonId}@\uffff`)
      : keyOf({ id: lessonId, contentHash });
  await request('readwrite', (store) => store.delete(keys));
}

function keyOf({ id, contentHash }: LessonVersion): string {
  return `${id}@${contentHash}`;
}

/** undefined where the browser keeps nothing (private windows of some). */
async function request<T>(
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest,
): Promise<T | undefined> {
  opening ??= open();
  const database = await opening;
  if (database === undefined) return undefined;
  return new Promise((resolve, reject) => {
    const pending = run(database.transaction(storeName, mode).objectStore(storeName));
    pending.onsuccess = () => resolve(pending.result);
    pending.onerror = () => reject(pending.error);
  });
}

function open(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    try {
      const pending = indexedDB.open('brokerlab', 1);
      pending.onupgradeneeded = () => pending.result.createObjectStore(storeName);
      pending.onsuccess = () => resolve(pending.result);
      pending.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}
