import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const pairs = css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
const tokens = new Map([...pairs].map(([, name, light, dark]) => [name, { light, dark }]));
const grounds = ['paper', 'surface', 'sunken', 'accent-soft'];

describe.each(['light', 'dark'] as const)('%s', (appearance) => {
  const colour = (name: string) => tokens.get(name)?.[appearance] ?? '#000000';

  test.for(['ink', 'ink-soft'])('%s is text at AAA on paper, surface and terminals', (name) => {
    for (const ground of ['paper', 'surface', 'sunken']) {
      expect(contrast(colour(name), colour(ground))).toBeGreaterThanOrEqual(7);
    }
  });

  test.for(['accent', 'alert', 'worker1', 'worker2', 'worker3', 'code-token-comment'])(
    '%s is text at AA on every ground',
    (name) => {
      for (const ground of grounds) {
        expect(contrast(colour(name), colour(ground))).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  test('text on selections and on the accent is at AA, borders of controls at 3:1', () => {
    expect(contrast(colour('ink'), colour('selection'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('rule-strong'), colour('paper'))).toBeGreaterThanOrEqual(3);
  });
});

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
