"use strict";
// Keeps the look and one page for when there is no network. Whatever is about somebody is never kept here.
const FILES = __FILES__, OFFLINE = "/track/offline", NAME = "slkt-__VERSION__";
const OURS = /^\/($|track(\/|$)|lapor(\/|$)|pin(\/|$))/;

const keep = async () => {
  const cache = await caches.open(NAME);
  await cache.addAll([...FILES, OFFLINE].map((one) => new Request(one, { cache: "reload" })));
};

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const one of await caches.keys()) if (one.startsWith("slkt-") && one !== NAME) await caches.delete(one);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && OURS.test(url.pathname)) {
    const go = async () => {
      try {
        const answer = await fetch(request);
        // The page for later speaks the language that was chosen last.
        if (url.searchParams.has("lang")) event.waitUntil(keep().catch(() => undefined));
        return answer;
      } catch {
        return (await caches.match(OFFLINE)) || Response.error();
      }
    };
    event.respondWith(go());
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then((kept) => kept || fetch(request)));
  }
});
