// What a page of the next visit sees in all those places; every value is empty, false or zero where nothing stayed.
async ({ blob, word }) => {
  const text = async (url, options) => {
    try { return await (await fetch(url, options)).text(); } catch { return ""; }
  };
  const answer = (listen, ask) => new Promise((yes) => { listen(yes); ask(); setTimeout(() => yes(""), 400); });
  const names = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  const channel = new BroadcastChannel("plant");
  const shared = new SharedWorker("/plant-shared.js");
  const echo = JSON.parse(await text("/plant-echo", { cache: "no-cache" }));
  const cached = await text("/plant-cached", { cache: "only-if-cached", mode: "same-origin" });
  const kept = cached.includes(word);
  await text("/plant-cached", { cache: "no-cache" });
  return {
    script_cookie: document.cookie,
    sent_cookie: echo.cookie,
    local_storage: localStorage.length,
    session_storage: sessionStorage.length,
    window_name: window.name,
    indexed_db: (await indexedDB.databases()).length,
    cache_storage: (await caches.keys()).length,
    file_system: names.length,
    buckets: (await navigator.storageBuckets.keys()).length,
    service_worker: (await navigator.serviceWorker.getRegistrations()).length,
    from_worker: (await text("/plant-from-worker")).includes(word),
    http_cache: kept,
    // Without credentials the browser asks for them, and the fetch waits for a person.
    http_credentials: (await text("/plant-basic", { signal: AbortSignal.timeout(1500) })).includes(word),
    channel: await answer((yes) => { channel.onmessage = ({ data }) => yes(data); }, () => channel.postMessage("anybody?")),
    shared_worker: await answer((yes) => { shared.port.onmessage = ({ data }) => yes(data); }, () => shared.port.postMessage("?")),
    locks: (await navigator.locks.query()).held.length,
    blob: await text(blob),
    notifications: (await navigator.permissions.query({ name: "notifications" })).state === "granted",
    geolocation: (await navigator.permissions.query({ name: "geolocation" })).state === "granted",
    state: JSON.stringify(history.state) === "null" ? "" : "state",
    referrer: document.referrer,
    clipboard: await navigator.clipboard.readText(),
  };
}
