import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { panelEn } from '../../i18n/panel-en.ts';
import { panelTexts } from '../../i18n/panel-texts.ts';
import { durationText } from './duration.ts';
import { eventText } from './event-text.ts';

const sources = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'));

test.for(sources)('%s makes no HTML of what it shows', (name) => {
  const source = readFileSync(join(import.meta.dirname, name), 'utf8');
  expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/);
});

test('both languages fill in the same values', () => {
  const places = (text: string) =>
    [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
  for (const [key, text] of Object.entries(panelTexts.zh)) {
    const english = panelEn[key as keyof typeof panelEn];
    expect([key, places(text)]).toEqual([key, places(english)]);
  }
});

test('a measured time has no more digits than it was measured with', () => {
  expect([38, 640, 1_437, 12_300, 130_000].map(durationText)).toEqual([
    '38 ms',
    '640 ms',
    '1.4 s',
    '12 s',
    '2 min',
  ]);
});

test('an election is told with the time that there was no leader', () => {
  const event = { atMs: 0, kind: 'leader-elected', nodeId: 3, epoch: 6, afterMs: 1_400 } as const;
  expect(eventText(event, panelTexts.en)).toBe(
    'Node 3 leads, epoch 6, after 1.4 s without a leader',
  );
});
