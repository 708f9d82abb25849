// Served as /emargement/sw.js: the signing pages open again without network, as they were last seen.
// Nothing is sent from here; the queue lives in the page (offline.js).
const PAGES = "emargement-pages";
const FILES = "emargement-fichiers";
const SIGNING = [/^\/emargement\/feuilles\/[0-9a-f-]+\/signatures\/$/, /^\/emargement\/signer\/[0-9a-f-]+\/$/];
const MOST_AGE = 16 * 3600 * 1000; // one working day: yesterday's sheet is nobody's business today

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function page(request) {
  const cache = await caches.open(PAGES);
  try {
    const response = await fetch(request);
    if (response.redirected && new URL(response.url).pathname.includes("login")) await caches.delete(PAGES);
    else if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept && Date.now() - Date.parse(kept.headers.get("date") || 0) < MOST_AGE) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(FILES);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

const isSigning = (url) => SIGNING.some((form) => form.test(url.pathname));

// What a page loaded before this worker asks to keep: itself and its files.
async function keep(address) {
  const url = new URL(address);
  const isFile = url.pathname.startsWith("/static/");
  if (url.origin !== self.location.origin || !(isFile || isSigning(url))) return;
  const response = await fetch(address);
  if (response.ok && !response.redirected) await (await caches.open(isFile ? FILES : PAGES)).put(address, response);
}

self.addEventListener("message", (event) => event.waitUntil(Promise.allSettled(event.data.map(keep))));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && isSigning(url)) {
    event.respondWith(page(event.request));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(event.request));
  }
});
