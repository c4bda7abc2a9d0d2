import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenPage, openSite, type SiteUnderTest } from '../../testing/open-site.ts';

const lesson = '/en/01-performance/01-first-run/';
let site: SiteUnderTest;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

describe('the cluster panel of one node', () => {
  let opened: OpenPage;
  let prefetched: number;
  beforeAll(async () => {
    const viewport = { width: 1440, height: 900 };
    opened = await site.open(lesson, { viewport, serviceWorkers: 'block' });
    // Everything is prefetched; what the lab itself loads comes after.
    await opened.page.waitForSelector('html[data-offline="ready"]');
    prefetched = opened.requests.length;
    await opened.page.evaluate('lab.start()');
  });
  afterAll(() => opened?.context.close());

  test('is not loaded, and asks nothing, before it is opened', async () => {
    expect(await opened.page.locator('.pane').count()).toBe(0);
    const loaded = opened.requests.slice(prefetched);
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.filter((url) => /panels|panel-texts|watcher|control/.test(url))).toEqual([]);
  });

  test('says how to start where nothing runs', async () => {
    const { page } = opened;
    const toggle = page.getByRole('button', { name: 'Cluster', exact: true });
    await toggle.press('Enter');
    expect(await toggle.getAttribute('aria-expanded')).toBe('true');
    await pane(opened).getByText('Nothing listens on the machines yet').waitFor();
  });

  test('shows quorum, broker and partitions of a node by asking it', async () => {
    const { page } = opened;
    await page.evaluate('lab.solve("broker")');
    await page.evaluate(
      `lab.exec("kafka-topics.sh --bootstrap-server worker1:9092 --create --topic orders --partitions 60")`,
    );
    await pane(opened).getByText('Node 1 leads the quorum').waitFor();
    await rows(opened, 'Metadata quorum').filter({ hasText: 'leader' }).first().waitFor();
    await pane(opened).getByLabel('Topic contains').fill('orde');
    await pane(opened).getByText('1–50 of 60').waitFor();
    await pane(opened).getByRole('button', { name: 'Next' }).click();
    await pane(opened).getByText('51–60 of 60').waitFor();
    expect(await rows(opened, 'Partitions').count()).toBe(10);
  });

  test('kills the server, says that nobody answers, starts it again and has measured the time', async () => {
    await pane(opened).getByRole('button', { name: 'Kill Kafka on worker1' }).click();
    await pane(opened).getByText('Nobody answers. What stands below').waitFor();
    await pane(opened).getByText('lab kill worker1').waitFor();
    await pane(opened).getByRole('button', { name: 'Start Kafka on worker1' }).click();
    await pane(opened).locator('[data-measured-ms]').waitFor({ timeout: 30_000 });
    expect(await measuredMs(opened)).toBeGreaterThan(0);
    await pane(opened)
      .getByText(/Node 1 leads, epoch \d+, after .* without a leader/)
      .waitFor();
  });

  test('is gone when it is closed, and gives the focus back', async () => {
    const { page } = opened;
    await pane(opened).getByRole('button', { name: 'Close the panel' }).press('Enter');
    expect(await page.locator('.pane').isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.dataset.action')).toBe('cluster');
  });

  test('logs no error', () => {
    expect(opened.errors).toEqual([]);
  });
});

function pane({ page }: OpenPage) {
  return page.getByRole('region', { name: 'Panels of the lab' });
}

function rows(opened: OpenPage, table: string) {
  return pane(opened).getByRole('table', { name: table }).locator('tbody tr');
}

async function measuredMs(opened: OpenPage): Promise<number> {
  return Number(await pane(opened).locator('[data-measured-ms]').getAttribute('data-measured-ms'));
}
