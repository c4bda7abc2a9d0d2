import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenPage, openSite, type SiteUnderTest } from '../../testing/open-site.ts';

const lesson = '/en/01-performance/01-first-run/';
const lessons = [
  lesson,
  '/zh/01-performance/01-first-run/',
  '/zh/01-performance/02-what-changes-it/',
  '/en/01-performance/03-consumer-and-sizing/',
];
let site: SiteUnderTest;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

describe('without script', () => {
  test('the lesson reads: steps, commands, hints, and no button that does nothing', async () => {
    const { page, context } = await site.open(lesson, { javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toBe('A first performance test');
    expect(await page.locator('section.step').count()).toBe(4);
    expect(await page.locator('lab-command').nth(1).textContent()).toContain(
      'kafka-storage.sh format',
    );
    await page.locator('summary').first().click();
    expect(await page.locator('details[open] p').first().isVisible()).toBe(true);
    expect(await page.locator('button:visible').count()).toBe(0);
    await context.close();
  });
});

describe('budgets', () => {
  test('script before Start lab is at most 60 KB gzipped, and nothing leaves the origin', async () => {
    const { page, context, requests, errors } = await site.open(lesson);
    await page.waitForSelector('html[data-offline="ready"]');
    const loaded = await page.evaluate<string[]>(
      '[...document.querySelectorAll("script[src], link[rel=modulepreload]")].map((e) => e.src || e.href)',
    );
    const bytes = await Promise.all(loaded.map(gzippedBytes));
    expect(bytes.length).toBeGreaterThan(1);
    expect(sum(bytes)).toBeLessThan(60 * 1024);
    expect(requests.filter((url) => !url.startsWith(site.origin))).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  test('nothing jumps while the page loads', async () => {
    const { page, context } = await site.open(lesson);
    expect(await layoutShift(page)).toBeLessThan(0.01);
    await context.close();
  });
});

describe.each(lessons)('%s', (path) => {
  let opened: OpenPage;
  beforeAll(async () => {
    opened = await site.open(path);
  });
  afterAll(() => opened?.context.close());

  test('names its language, one h1, one main, headings without gaps', async () => {
    const { page } = opened;
    const lang = await page.locator('html').getAttribute('lang');
    expect(lang).toBe(path.startsWith('/zh') ? 'zh-CN' : 'en');
    expect(await page.locator('main').count()).toBe(1);
    const levels = await page.evaluate<number[]>(
      '[...document.querySelectorAll("h1,h2,h3,h4")].map((h) => Number(h.tagName[1]))',
    );
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    for (const [at, level] of levels.entries()) {
      expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    }
  });

  test('gives every control a name', async () => {
    const session = await opened.context.newCDPSession(opened.page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const controls = nodes.filter((node) =>
      ['button', 'link', 'tab', 'textbox', 'separator', 'combobox'].includes(
        String(node.role?.value),
      ),
    );
    expect(controls.length).toBeGreaterThan(10);
    const nameless = controls.filter((node) => !node.ignored && !node.name?.value);
    expect(nameless.map((node) => node.role?.value)).toEqual([]);
  });

  test('has ids that are unique and references that lead somewhere', async () => {
    const problems = await opened.page.evaluate<string[]>(`(() => {
      const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
      const repeated = ids.filter((id, at) => ids.indexOf(id) !== at);
      const lost = [...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href').slice(1)).filter((id) => !ids.includes(id));
      const labels = [...document.querySelectorAll('[aria-labelledby]')].map((e) => e.getAttribute('aria-labelledby')).filter((id) => !ids.includes(id));
      return [...repeated, ...lost, ...labels];
    })()`);
    expect(problems).toEqual([]);
  });

  test('does not scroll sideways, on a phone either', async () => {
    for (const width of [1440, 1024, 390, 320]) {
      await opened.page.setViewportSize({ width, height: 800 });
      const overflow = await opened.page.evaluate<number>(
        'document.documentElement.scrollWidth - innerWidth',
      );
      expect(overflow, `at ${width} px`).toBeLessThanOrEqual(0);
    }
  });
});

describe('by keyboard', () => {
  test('the first Tab offers to skip to the text', async () => {
    const { page, context } = await site.open(lesson);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip-link');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('text');
    await context.close();
  });

  test('arrow keys move the divider, and it stays where it was put', async () => {
    const { page, context } = await site.open(lesson, { viewport: { width: 1400, height: 800 } });
    const divider = page.locator('.divider');
    const before = Number(await divider.getAttribute('aria-valuenow'));
    await divider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(Number(await divider.getAttribute('aria-valuenow'))).toBe(before + 4);
    await page.reload();
    expect(Number(await divider.getAttribute('aria-valuenow'))).toBe(before + 4);
    expect(await layoutShift(page)).toBeLessThan(0.01);
    await context.close();
  });

  test('the appearance is switched and remembered', async () => {
    const { page, context } = await site.open(lesson, { colorScheme: 'light' });
    const ground = () =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Switch between light and dark' }).press('Enter');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
    await context.close();
  });
});

test('every page and every link of the site is there', async () => {
  const seen = new Set(['/']);
  for (const path of seen) {
    const response = await fetch(site.origin + path);
    expect(response.status, path).toBe(200);
    const html = await response.text();
    // So that a Content-Security-Policy without 'unsafe-inline' holds for scripts.
    expect(html, path).not.toMatch(/<script(?![^>]* src=)(?![^>]*application\/json)|\son\w+=/);
    for (const [, href = ''] of html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)) seen.add(href);
  }
  expect(seen.size).toBeGreaterThanOrEqual(11);
});

test('lessons.json lists each lesson in both languages', async () => {
  const index = await (await fetch(`${site.origin}/lessons.json`)).json();
  const files = readdirSync('lessons', { recursive: true, encoding: 'utf8' });
  expect(index).toHaveLength(files.filter((path) => path.endsWith('.mdx')).length);
  expect(index).toContainEqual({
    id: '01-performance/01-first-run',
    lang: 'en',
    part: '01-performance',
    url: lesson,
    title: 'A first performance test',
    steps: [
      { id: 'broker', title: 'Start a broker' },
      { id: 'topic', title: 'Create the topic' },
      { id: 'first-run', title: 'Write a million records' },
      { id: 'steady', title: 'The same broker under a steady load' },
    ],
    machines: ['worker1'],
  });
});

async function gzippedBytes(url: string): Promise<number> {
  const response = await fetch(url);
  return gzipSync(new Uint8Array(await response.arrayBuffer())).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function layoutShift(page: OpenPage['page']): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    let total = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) total += e.value; })
      .observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(total), 300);
  })`);
}
