/**
 * Once the page is idle, fetches what the lab needs, so that it starts with the network off. In a
 * secure context a service worker keeps it; elsewhere the browser's cache does (names carry hashes).
 */
export function keepForOffline(): void {
  if (import.meta.env.DEV) return;
  const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1500));
  addEventListener('load', () => whenIdle(() => void keep()), { once: true });
}

async function keep(): Promise<void> {
  if ('serviceWorker' in navigator) {
    await navigator.serviceWorker.register('/offline.js').catch(() => undefined);
    await Promise.race([navigator.serviceWorker.ready, pause(3000)]);
  }
  const response = await fetch('/prefetch.json').catch(() => undefined);
  if (response?.ok !== true) return;
  const urls: readonly string[] = await response.json();
  // One after another: the reader's own requests go first.
  for (const url of urls) {
    const loaded = await fetch(url, { priority: 'low' }).catch(() => undefined);
    await loaded?.arrayBuffer();
  }
  await forgetOthers(urls);
  document.documentElement.dataset['offline'] = 'ready';
}

/** Files of earlier builds go from what the service worker keeps. */
async function forgetOthers(urls: readonly string[]): Promise<void> {
  if (!('caches' in globalThis)) return;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url);
      if (pathname.startsWith('/_astro/') && !urls.includes(pathname)) await cache.delete(url);
    }
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
