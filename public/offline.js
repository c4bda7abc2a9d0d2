// Keeps pages and the lab for work without a network. Files under /_astro/ carry their hash in the
// name and never change; everything else is asked of the network first.
const cacheName = 'brokerlab-1';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.headers.has('range')) return;
  event.respondWith(url.pathname.startsWith('/_astro/') ? fromCache(request) : fromNetwork(request));
});

async function fromCache(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  return keep(cache, request, await fetch(request));
}

async function fromNetwork(request) {
  const cache = await caches.open(cacheName);
  try {
    return await keep(cache, request, await fetch(request));
  } catch (error) {
    const kept = await cache.match(request.url, { ignoreSearch: true });
    if (kept !== undefined) return kept;
    throw error;
  }
}

async function keep(cache, request, response) {
  if (response.status === 200 && response.type === 'basic') {
    await cache.put(request.url, response.clone());
  }
  return response;
}
