import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { createSiteServer } from '../../scripts/site-server.mjs';
import { launchChromium } from './chromium.ts';

export interface SiteUnderTest {
  readonly origin: string;
  /** Not a secure context: plain http from a name that is not localhost. */
  readonly insecureOrigin: string;
  open(path: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every request that the page and its workers made. */
  readonly requests: readonly string[];
  readonly errors: readonly string[];
}

/** The built site, served and opened in Chromium; each page has a profile of its own. */
export async function openSite(): Promise<SiteUnderTest> {
  const server = createSiteServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://localhost:${port}`;
  const browser = await launchChromium(['--host-resolver-rules=MAP lab.test 127.0.0.1']);
  return {
    origin,
    insecureOrigin: `http://lab.test:${port}`,
    open: (path, options) =>
      openPage(browser, path.startsWith('/') ? origin + path : path, options),
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, context, requests, errors };
}
