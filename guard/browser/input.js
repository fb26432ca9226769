// Tells the guard that somebody is here: that something was typed or pointed at, never what. In every frame.
"use strict";
(() => {
  if (globalThis.madoguchiInput) return;
  globalThis.madoguchiInput = true;
  const EVERY_MS = 5000; // idle time is counted in minutes
  let until = 0;
  let told = false; // whether the guard knows that there is text in a form of this document

  function seen(event) {
    if (!event.isTrusted) return;
    const text = event.type === "input" && Boolean(event.composedPath()[0]?.value);
    if (performance.now() < until && (told || !text)) return;
    until = performance.now() + EVERY_MS;
    told ||= text;
    try {
      globalThis.madoguchiReport?.(JSON.stringify({ kind: "input", text: told }));
    } catch {
      // the browser is closing
    }
  }

  for (const type of ["pointerdown", "pointermove", "wheel", "keydown", "input"]) {
    window.addEventListener(type, seen, { capture: true, passive: true });
  }
})();
