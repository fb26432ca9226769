// Cache first, for the home page alone, as portals do that want to open fast: what it keeps names whoever was logged in then.
const KEPT = "pages";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const home = event.request.mode === "navigate" && new URL(event.request.url).pathname === "/";
  if (home) event.respondWith(fromCache(event.request));
});

async function fromCache(request) {
  const kept = await caches.open(KEPT);
  const known = await kept.match("/");
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await kept.put("/", answer.clone());
  return answer;
}
