// Keeps the console's page up to date. Without it the page still works: forms post, and a reload shows the present.
"use strict";
(() => {
  const now = document.getElementById("now");
  let fetching = false;
  let again = false;

  // Exchanges only the parts whose version changed, and moves no part that stays: typed text and focus live there.
  function patch(list, fresh, tag) {
    const wanted = new Map([...fresh.children].map((part) => [part.dataset.part, part]));
    for (const part of [...list.children]) {
      if (part.dataset[tag] !== wanted.get(part.dataset.part)?.dataset[tag]) part.remove();
    }
    const kept = new Map([...list.children].map((part) => [part.dataset.part, part]));
    let before = list.firstElementChild;
    for (const [name, part] of wanted) {
      if (kept.has(name)) before = kept.get(name).nextElementSibling;
      else list.insertBefore(part, before);
    }
  }

  // A reader of the screen and a keyboard need a place to stand: the first field, or the heading; never a button.
  function standSomewhere() {
    const active = document.activeElement;
    if (active && active !== document.body) return;
    (now.querySelector("[data-first]") ?? now.querySelector("h1"))?.focus({ preventScroll: true });
  }

  // How long the visit has been open, on the clock of this PC, which is the guard's. Not a live region: it stays silent.
  function count() {
    for (const each of now.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(each.dataset.since)) / 60000));
      const words = minutes < 60 ? each.dataset.minutes : each.dataset.hours;
      const told = words.replace("%h", Math.floor(minutes / 60)).replace("%m", minutes % 60);
      if (each.textContent !== told) each.textContent = told;
    }
  }

  function take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const [oldPhase, newPhase] = [now.querySelector("[data-phase]"), fresh.querySelector("[data-phase]")];
    if (!newPhase) return location.reload(); // the door is shut: another console was opened
    const [main, freshMain] = [now.querySelector("main"), fresh.querySelector("main")];
    const relieved = main.dataset.staff && !freshMain.dataset.staff; // a new day: who serves is asked again
    const moved = relieved || oldPhase.dataset.phase !== newPhase.dataset.phase;
    if (oldPhase.dataset.version !== newPhase.dataset.version) {
      oldPhase.replaceChildren(...newPhase.childNodes);
      Object.assign(oldPhase.dataset, newPhase.dataset);
    }
    if (relieved) document.querySelector(".duty-bar")?.remove();
    Object.assign(main.dataset, freshMain.dataset);
    patch(main, freshMain, "version");
    count();
    if (moved) {
      document.getElementById("notice")?.remove();
      standSomewhere();
    }
  }

  async function refresh() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      do {
        again = false;
        const answer = await fetch("/now", { cache: "no-store" });
        take(await answer.text());
      } while (again);
      live.show(true);
    } catch {
      live.show(false);
    } finally {
      fetching = false;
    }
  }

  count();
  setInterval(count, 5000);
  live.follow(refresh);

  // The second click of a double click sends nothing. (The server would not carry it out either.)
  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-busy")) event.preventDefault();
    else event.target.setAttribute("data-busy", "");
  });

  // A window of its own, to be turned towards the citizen, and no tab over the console.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-popup]");
    if (link && window.open(link.href, link.target, "popup,width=1000,height=900")) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-busy]")) form.removeAttribute("data-busy");
  });
})();
