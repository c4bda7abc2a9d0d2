import { expect, test } from 'vitest';
import {
  carryOver,
  chooseRestoration,
  emptyProgress,
  savedFileBytesMax,
  withFile,
  withPassedStep,
} from './progress.ts';

const lessonId = '01-performance/01-first-run';
const worked = withPassedStep(emptyProgress(lessonId, 'old'), 'broker', 1000);

test('work on the same version comes back', () => {
  expect(chooseRestoration([worked], 'old')).toEqual({ kind: 'current', progress: worked });
});

test('work on an older version is offered, the newest of several', () => {
  const older = { ...worked, contentHash: 'older', savedAtMs: 1 };
  expect(chooseRestoration([older, worked], 'new')).toEqual({ kind: 'older', progress: worked });
});

test('an older version without work is not worth a question', () => {
  expect(chooseRestoration([emptyProgress(lessonId, 'old')], 'new')).toEqual({ kind: 'none' });
});

test('carried over, passes of steps that are gone are dropped', () => {
  const both = withPassedStep(worked, 'gone', 1000);
  expect(carryOver(both, 'new', ['broker', 'topic'])).toMatchObject({
    contentHash: 'new',
    passedAtMs: { broker: 1000 },
  });
});

test('a file too large to keep is left out', () => {
  const file = { machine: 'worker1', path: '/home/learner/a', content: 'a' };
  expect(withFile(worked, file, 2000).files).toEqual({ worker1: { '/home/learner/a': 'a' } });
  const large = { ...file, content: 'a'.repeat(savedFileBytesMax + 1) };
  expect(withFile(worked, large, 2000)).toBe(worked);
});
