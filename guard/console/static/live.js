// The counter's events, as each page of staff follows them; where none come any more, a page with a banner says so.
"use strict";
const live = (() => {
  const SILENCE_MS = 30000; // three heartbeats of the server; after that what is shown may be out of date
  const banner = document.getElementById("disconnected");

  function show(connected) {
    if (!banner || banner.hidden === connected) return;
    banner.textContent = connected ? "" : banner.dataset.text;
    banner.hidden = connected;
  }

  function follow(changed) {
    let heard = Date.now();
    const events = new EventSource("/events");
    events.addEventListener("changed", (event) => {
      heard = Date.now();
      changed(event.data);
    });
    events.addEventListener("alive", () => {
      heard = Date.now();
      show(true);
    });
    events.addEventListener("error", () => show(false));
    setInterval(() => show(Date.now() - heard < SILENCE_MS && events.readyState === EventSource.OPEN), 5000);
    window.addEventListener("pagehide", () => events.close());
  }
  return { follow, show };
})();
