// Leaves the word in every place that a page's script can reach. Returns what the next visit's pages must ask for.
async (word) => {
  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
  document.cookie = `plant_script=${word}; path=/; secure`;
  await cookieStore.set("plant_store", word);
  localStorage.setItem("plant", word);
  sessionStorage.setItem("plant", word);
  window.name = word;

  const opening = indexedDB.open("plant");
  opening.onupgradeneeded = () => opening.result.createObjectStore("plant");
  const database = await done(opening);
  const writing = database.transaction("plant", "readwrite");
  writing.objectStore("plant").put(word, "plant");
  await new Promise((yes) => { writing.oncomplete = yes; });

  await (await caches.open("plant")).put("/plant-kept", new Response(word));
  const file = await (await navigator.storage.getDirectory()).getFileHandle("plant", { create: true });
  const stream = await file.createWritable();
  await stream.write(word);
  await stream.close();
  await (await navigator.storageBuckets.open("plant")).indexedDB.open("plant");

  await document.hasPrivateToken(location.origin);  // what is asked about trust tokens is noted under the page's site
  await navigator.serviceWorker.register("/plant-worker.js");
  const worker = await navigator.serviceWorker.ready;
  await worker.showNotification(word, { body: word }).catch(() => 0);  // where it is allowed
  await (await fetch("/plant-cached")).text();
  await (await fetch("/plant-basic")).text();

  const shared = new SharedWorker("/plant-shared.js");
  shared.port.postMessage(word);
  const channel = new BroadcastChannel("plant");
  channel.onmessage = ({ data }) => { if (data === "anybody?") channel.postMessage(word); };
  navigator.locks.request("plant", () => new Promise(() => 0));
  const blob = URL.createObjectURL(new Blob([word]));
  const socket = await new Promise((yes) => {
    const socket = new WebSocket("wss://lab.portal.test/plant-socket");
    socket.onopen = () => yes("open");
    socket.onerror = () => yes("closed");
  });
  window.plantKept = [shared, channel];
  history.pushState({ word }, "", `/plant-pushed?${word}`);
  return { blob, socket };
}
