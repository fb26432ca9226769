// Somebody is here: the guard asks nobody whether a visit goes on while its windows are used.
"use strict";
(() => {
  const PAUSE_MS = 5000; // between two reports; the question comes after minutes
  let tellAfter = 0;

  // Whether a form of the console holds text; a page beside it does not know.
  function typed() {
    const now = document.getElementById("now");
    if (!now) return {};
    const fields = [...now.querySelectorAll("input:not([type=hidden], [type=checkbox])")];
    return { typed: fields.some((field) => field.value) ? "yes" : "no" };
  }

  function used(event) {
    if (!event.isTrusted || Date.now() < tellAfter) return;
    tellAfter = Date.now() + PAUSE_MS;
    const csrf = document.querySelector("meta[name=csrf]").content;
    const body = new URLSearchParams({ csrf, ...typed() });
    fetch("/activity", { method: "POST", body }).catch(() => {}); // that the counter is gone shows elsewhere
  }
  for (const type of ["pointerdown", "pointermove", "wheel", "keydown", "input"]) {
    window.addEventListener(type, used, { passive: true });
  }
})();
