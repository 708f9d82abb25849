// Served as /sw.js: pages that the server marks with X-Garder-Pour open again without network, as they were
// last seen, on their own person's device. Nothing is sent from here; what waits is kept by the pages.
const PAGES = "pages:"; // followed by the person
const FILES = "fichiers";
const MOST_AGE = 3 * 24 * 3600 * 1000;
const FRESH = 3600 * 1000; // a page kept since less than this is not asked again beforehand
const PATIENCE = 6000; // milliseconds before a slow network counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function forget(except = "") {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGES) && name !== except).map((name) => caches.delete(name)));
}

async function keep(address, response) {
  const person = response.headers.get("X-Garder-Pour");
  if (!person || !response.ok || response.redirected) return;
  const name = PAGES + person;
  await forget(name);
  await (await caches.open(name)).put(address, response);
}

async function kept(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found && Date.now() - Date.parse(found.headers.get("date") || 0) < MOST_AGE) return found;
  }
  return null;
}

// The page says by itself since when it is kept.
async function told(response) {
  const html = await response.text();
  const since = response.headers.get("date") || "";
  return new Response(html.replace("<body", `<body data-kept="${since}"`), { headers: response.headers });
}

async function page(request, event) {
  const address = request.url.split("#")[0];
  const found = kept(address);
  const network = fetch(request);
  const stored = network.then((response) => keep(address, response.clone()).then(() => response));
  event.waitUntil(stored.catch(() => {}));
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => found);
  try {
    const first = await Promise.race([network, slow]);
    return first ? (first === (await found) ? told(first) : first) : await network;
  } catch (error) {
    const old = await found;
    if (old) return told(old);
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
    const old = await cache.match(request, { ignoreVary: true });
    if (old) return old;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "POST" && url.pathname.endsWith("/logout/")) {
    event.waitUntil(forget());
  } else if (request.method !== "GET") {
    return;
  } else if (request.mode === "navigate") {
    event.respondWith(page(request, event));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(request));
  }
});

// A page asks that others be kept beforehand, or itself again after it has saved something.
async function prepare(addresses, again) {
  for (const address of addresses) {
    const url = new URL(address, self.location.origin);
    if (url.origin !== self.location.origin) continue;
    if (url.pathname.startsWith("/static/")) {
      const cache = await caches.open(FILES);
      if (!(await cache.match(url.href))) await cache.add(url.href);
      continue;
    }
    const old = again ? null : await kept(url.href);
    if (old && Date.now() - Date.parse(old.headers.get("date")) < FRESH) continue;
    await keep(url.href, await fetch(url.href, { credentials: "same-origin" }));
  }
}

self.addEventListener("message", (event) => {
  const { pages = [], again = false } = event.data || {};
  event.waitUntil(prepare(pages, again).catch(() => {}));
});
