import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenPage, openSite, type SiteUnderTest } from '../../testing/open-site.ts';

const lesson = '/en/01-performance/01-first-run/';
/** What comes later is loaded later: panels, tools, the editor, commands that are not in daily use. */
const budgetBytes = 172 * 1024;
let site: SiteUnderTest;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

describe('Start lab', () => {
  let opened: OpenPage;
  let startMs: number;
  beforeAll(async () => {
    opened = await site.open(lesson, { viewport: { width: 1440, height: 900 } });
    await opened.page.waitForSelector('html[data-offline="ready"]');
    await opened.context.setOffline(true);
    await observe(opened.page);
    startMs = await opened.page.evaluate<number>(`(async () => {
      const from = performance.now();
      document.querySelector('[data-action="start"]').click();
      await lab.ready;
      return performance.now() - from;
    })()`);
  });
  afterAll(() => opened?.context.close());

  test('shows a prompt with the network off', async () => {
    expect(await opened.page.evaluate('lab.screen("worker1")')).toContain('[learner@worker1 ~]$');
    expect(startMs).toBeLessThan(process.env['CI'] === undefined ? 2000 : 5000);
  });

  test('moves nothing on the page', async () => {
    expect(await opened.page.evaluate('observed.shift')).toBeLessThan(0.01);
  });

  test('says what it runs on', async () => {
    expect(await opened.page.locator('[data-status]').textContent()).toMatch(
      /^in-tab machines · disk/,
    );
  });

  test('runs a command of the text on a click', async () => {
    const { page } = opened;
    await page.locator('lab-command').first().getByRole('button', { name: 'Run' }).click();
    await untilScreen(page, /cd \$KAFKA_HOME\s+\[learner@worker1 kafka_2\.13-3\.8\.0\]\$/);
  });

  test('keeps the page responsive while output streams', { retry: 3 }, async () => {
    const { page } = opened;
    await page.evaluate('observed.longestMs = 0');
    await page.evaluate('lab.type("worker1", "clear; seq 1 200000; echo all > ~/printed\\n")');
    await expect
      .poll(() => page.evaluate('lab.exec("cat ~/printed").then((r) => r.stdout)'), {
        timeout: 60_000,
      })
      .toBe('all\n');
    expect(await page.evaluate('observed.longestMs')).toBeLessThan(50);
    await untilScreen(page, /\n199999\n200000\n/);
  });

  test('opens a file that is edited with vi, and saves it with Ctrl-S', async () => {
    const { page } = opened;
    await page.evaluate('lab.type("worker1", "cd; echo one > a.txt; vi a.txt\\n")');
    const editor = page.getByRole('textbox', { name: 'worker1:/home/learner/a.txt' });
    await editor.waitFor();
    await editor.press('End');
    await page.keyboard.type(' and two');
    await page.keyboard.press('Control+s');
    await expect
      .poll(() => page.evaluate('lab.exec("cat /home/learner/a.txt").then((r) => r.stdout)'))
      .toBe('one and two\n');
  });

  test('has terminals as tabs that arrow keys reach', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'New terminal on worker1' }).click();
    const tabs = page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab');
    expect(await tabs.allInnerTexts()).toEqual(['worker1', 'worker1 · 2']);
    await tabs.nth(1).focus();
    await page.keyboard.press('ArrowLeft');
    expect(await tabs.nth(0).getAttribute('aria-selected')).toBe('true');
  });

  test('runs commands beside the terminals', async () => {
    const result = await opened.page.evaluate(
      'lab.exec("hostname; echo oops >&2; exit 3", { cwd: "/tmp" })',
    );
    expect(result).toEqual({ exitCode: 3, stdout: 'worker1\n', stderr: 'oops\n' });
  });

  test('fails a step that has not been done, and says what it found', async () => {
    const result = await opened.page.evaluate<{ passed: boolean; found: string }>(
      'lab.check("broker")',
    );
    expect(result.passed).toBe(false);
    expect(result.found).not.toBe('');
  });

  test('logs no error', () => {
    expect(opened.errors).toEqual([]);
  });
});

describe('what Start lab loads', () => {
  test('is at most 172 KB gzipped up to the first prompt', async () => {
    const { page, context, requests } = await site.open(lesson, { serviceWorkers: 'block' });
    await page.waitForSelector('html[data-offline="ready"]');
    // Everything is prefetched; only what runs before the prompt counts.
    await page.evaluate(
      'performance.clearResourceTimings(); performance.setResourceTimingBufferSize(1000)',
    );
    const before = requests.length;
    await page.evaluate('lab.start()');
    const loaded = new Set(requests.slice(before).filter((url) => /\.(js|css)$/.test(url)));
    expect(loaded.size).toBeGreaterThan(1);
    let bytes = 0;
    for (const url of loaded) {
      bytes += gzipSync(readFileSync(`dist${new URL(url).pathname}`)).length;
    }
    process.stdout.write(`scripts and styles up to the prompt: ${Math.round(bytes / 1024)} KB\n`);
    expect(bytes).toBeLessThan(budgetBytes);
    await context.close();
  });
});

describe('on plain http from another machine', () => {
  test('the lab starts, and says that its disk is memory', async () => {
    const { page, context } = await site.open(`${site.insecureOrigin}${lesson}`);
    await page.evaluate('lab.start()');
    expect(await page.evaluate('isSecureContext')).toBe(false);
    expect(await page.locator('[data-status]').textContent()).toContain('disk: memory');
    expect(await page.evaluate('lab.screen("worker1")')).toContain('[learner@worker1 ~]$');
    await context.close();
  });
});

describe('a reload', () => {
  test('brings back files and passes, on a fresh cluster', async () => {
    const { page, context } = await site.open(lesson);
    await page.evaluate('lab.start()');
    await page.evaluate('lab.exec("echo kept > /home/learner/notes.txt")');
    await page.getByRole('button', { name: 'Show me' }).first().click();
    await page.locator('lesson-step[data-passed]').first().waitFor();
    await page.waitForTimeout(1500);
    await page.reload();
    await page.locator('lesson-step[data-passed]').first().waitFor();
    await page.evaluate('lab.start()');
    const kept = await page.evaluate(
      'lab.exec("cat /home/learner/notes.txt").then((r) => r.stdout)',
    );
    expect(kept).toBe('kept\n');
    expect(await page.evaluate('lab.check("broker").then((r) => r.passed)')).toBe(false);
    await context.close();
  });
});

function observe(page: OpenPage['page']): Promise<unknown> {
  return page.evaluate(`(() => {
    globalThis.observed = { shift: 0, longestMs: 0 };
    new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) observed.shift += e.value; }).observe({ type: 'layout-shift' });
    new PerformanceObserver((list) => { for (const e of list.getEntries()) observed.longestMs = Math.max(observed.longestMs, e.duration); }).observe({ type: 'longtask' });
  })()`);
}

async function untilScreen(page: OpenPage['page'], pattern: RegExp): Promise<void> {
  await expect
    .poll(() => page.evaluate('lab.screen("worker1")'), { timeout: 30_000, interval: 100 })
    .toMatch(pattern);
}
