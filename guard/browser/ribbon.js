// Ribbon and stop overlay on portal pages. Runs in an isolated world at the start of every document, before the
// page's own scripts. It shows what the guard tells it and reports what it sees; it decides nothing.
"use strict";
(() => {
  if (window.top !== window || globalThis.madoguchi) return;

  const HEIGHT = 32; // px; the page is pushed down by this much, once
  const ACTIVITY_EVERY_MS = 1000; // a sighting ahead of need is worth no more than one question a second
  const LOOK_EVERY_MS = 300; // between two searches for alarm texts, so that a busy page stays fast
  const LOOK_SHARE = 20; // a search may take 1/20 of the page's time: on huge pages it is made less often
  const QUICK_RETURNS = 20; // times the ribbon puts itself back at once; a page that goes on removing it ...
  const SLOW_RETURN_MS = 2000; // ... gets it back only this often, so that two scripts never fight in a loop
  const LONG_WAIT_MS = 1500; // a form that has not been answered by then may wait for a person, in the console

  const RIBBON_CSS = `
    :host { all: initial !important; position: fixed !important; inset: 0 0 auto 0 !important; display: block !important;
      height: ${HEIGHT}px !important; z-index: 2147483647 !important; pointer-events: none !important; }
    * { box-sizing: border-box; }
    .ribbon, dialog { font-family: "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, "Hiragino Sans", system-ui, sans-serif; }
    .ribbon { display: flex; align-items: center; gap: 18px; height: ${HEIGHT}px; padding: 0 14px; overflow: hidden;
      white-space: nowrap; font-size: 15px; line-height: 1; color: #fff; background: #37474f; user-select: none; }
    .ribbon[data-tone="calm"] { background: #0b5d4a; }
    .ribbon[data-tone="attention"] { background: #6b4700; }
    .ribbon[data-tone="stop"] { background: #8f1d1a; }
    .item { display: flex; align-items: center; gap: 8px; min-width: 0; }
    .item span { flex: none; font-size: 12px; }
    .item b { overflow: hidden; text-overflow: ellipsis; padding: 3px 0; font-weight: 700; }
    .sign { display: flex; flex: none; gap: 7px; padding: 4px 12px; border: 1px solid #fff; border-radius: 99px;
      font-size: 14px; font-weight: 700; }
    .training { flex: none; padding: 5px 12px; font-size: 13px; background: #6b2f8a; border-radius: 4px; }
    .assurance { flex: none; margin-left: auto; font-size: 12px; }
    [hidden] { display: none !important; }
    dialog { pointer-events: auto; width: min(620px, calc(100vw - 24px)); max-height: calc(100vh - 24px); padding: 24px 28px;
      overflow: auto; color: #17241f; background: #fff; border: 0; border-top: 8px solid #8f1d1a; border-radius: 12px;
      font-size: 16px; line-height: 1.6; box-shadow: 0 12px 48px rgb(0 0 0 / 40%); }
    dialog:focus { outline: none; }
    dialog::backdrop { background: rgb(23 36 31 / 55%); }
    h1 { margin: 0; font-size: 15px; color: #8f1d1a; }
    p { margin: 0; }
    .failed { margin-top: 4px; font-size: 21px; font-weight: 700; line-height: 1.45; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 8px 18px; margin: 18px 0; padding: 16px 0;
      border: solid #d5ddd9; border-width: 1px 0; }
    dt { color: #43524c; font-size: 14px; padding-top: 2px; }
    dd { margin: 0; overflow-wrap: anywhere; }
    .kept { font-weight: 700; }
    .kept::before { content: "✓ " / ""; color: #0b5d4a; }
    .buttons { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 18px; }
    button { min-height: 48px; padding: 4px 24px; font: inherit; font-weight: 700; border: 2px solid #0b5d4a; border-radius: 8px;
      color: #fff; background: #0b5d4a; cursor: pointer; }
    button.discard { margin-left: auto; color: #8f1d1a; background: #fff; border-color: #8f1d1a; }
    button:focus-visible { outline: 3px solid #1a5fd0; outline-offset: 2px; }
    button:disabled { opacity: .65; cursor: progress; }
    @media (max-width: 560px) {
      .ribbon { gap: 10px; padding: 0 8px; font-size: 14px; }
      .item { gap: 5px; }
      dialog { padding: 18px; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 8px; }
      .buttons { display: grid; }
      button.discard { margin-left: 0; }
    }
    @media (max-width: 400px) { .item span, .assurance { display: none; } }
    @media print { :host { display: none !important; } }
  `;
  const PAGE_CSS = `@media screen {
    html { margin-top: ${HEIGHT}px !important; scroll-padding-top: ${HEIGHT}px; }
  }`;

  function report(message) {
    try {
      globalThis.madoguchiReport?.(JSON.stringify(message));
    } catch {
      // The browser is closing: there is nobody left to tell.
    }
  }

  function sheet(css) {
    const made = new CSSStyleSheet(); // allowed under every Content Security Policy, unlike a <style> element
    made.replaceSync(css);
    return made;
  }

  function make(tag, className, parent) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    parent?.append(element);
    return element;
  }

  // ---- the element ----

  const host = document.createElement("madoguchi-ribbon");
  const shadow = host.attachShadow({ mode: "closed" });
  const pageSheet = sheet(PAGE_CSS);
  shadow.adoptedStyleSheets = [sheet(RIBBON_CSS)];
  const ribbon = make("div", "ribbon", shadow);
  ribbon.setAttribute("role", "status");
  const training = make("b", "training", ribbon);
  training.hidden = true;
  const items = ["citizen", "holder"].map(() => {
    const item = make("div", "item", ribbon);
    return { item, label: make("span", "", item), name: make("b", "", item) };
  });
  for (const { name } of items) name.lang = "ja";
  const sign = make("div", "sign", ribbon);
  const symbol = make("span", "", sign);
  symbol.setAttribute("aria-hidden", "true");
  const label = make("span", "", sign);
  const assurance = make("span", "assurance", ribbon);

  // Keys and clicks inside the overlay are not the page's business: its shortcuts must not act on them.
  for (const type of ["keydown", "keypress", "keyup", "click", "pointerdown", "pointerup", "mousedown", "mouseup", "focusin"]) {
    host.addEventListener(type, (event) => event.stopPropagation());
  }

  let wanted = false;
  let quickReturns = QUICK_RETURNS;
  let slowReturn = 0;

  function attach() {
    const root = document.documentElement;
    if (!wanted || !(root instanceof HTMLElement)) return;
    if (host.parentNode !== root) {
      root.append(host);
      if (notice) showOverlay(); // a dialog that leaves the document leaves the top layer as well
    }
    if (!document.adoptedStyleSheets.includes(pageSheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, pageSheet];
  }

  function detach() {
    wanted = false;
    host.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== pageSheet);
  }

  function reattach() {
    if (!wanted || host.parentNode === document.documentElement) return;
    if (quickReturns > 0) {
      quickReturns -= 1;
      attach();
    } else if (!slowReturn) {
      slowReturn = setTimeout(() => {
        slowReturn = 0;
        attach();
      }, SLOW_RETURN_MS);
    }
  }

  // ---- the line ----

  let state = null;

  function fill({ item, label: what, name }, text, person) {
    item.hidden = !text;
    what.textContent = text ?? "";
    name.textContent = person ?? "";
  }

  function draw() {
    clearTimeout(longWait);
    ribbon.lang = state.lang;
    ribbon.setAttribute("aria-label", state.name);
    ribbon.dataset.tone = state.tone;
    fill(items[0], state.serving, state.citizen);
    fill(items[1], state.holder ? state.login : null, state.holder);
    sign.hidden = false;
    symbol.textContent = state.symbol;
    label.textContent = state.label;
    assurance.textContent = state.assurance;
    assurance.hidden = !state.assurance;
    training.textContent = state.training;
    training.hidden = !state.training;
  }

  // While a form that leads to another page is held, the guard can tell this page nothing; so it tells itself.
  let longWait = 0;

  function sent(event) {
    clearTimeout(longWait);
    if (!event.formData) return; // a link, or a step within the page
    longWait = setTimeout(() => {
      if (!state?.waiting) return;
      ribbon.dataset.tone = "attention";
      symbol.textContent = "…";
      label.textContent = state.waiting;
      report({ kind: "waits" }); // what the guard shows now arrives once nothing is held: stopped, withdrawn, a download
    }, LONG_WAIT_MS);
  }

  globalThis.navigation?.addEventListener("navigate", sent);

  // ---- the overlay ----

  let notice = null;
  let dialog = null;

  function showOverlay() {
    dialog?.close(); // first, so that the focus of the page is what the new one gives back
    dialog?.remove();
    dialog = make("dialog", "", shadow);
    dialog.lang = notice.lang;
    dialog.tabIndex = -1;
    dialog.setAttribute("role", "alertdialog");
    dialog.setAttribute("aria-labelledby", "title");
    dialog.setAttribute("aria-describedby", "failed");
    const title = make("h1", "", dialog);
    title.id = "title";
    title.textContent = notice.title;
    const failed = make("p", "failed", dialog);
    failed.id = "failed";
    failed.textContent = notice.failed;
    const rows = make("dl", "", dialog);
    for (const [what, text] of notice.rows) {
      make("dt", "", rows).textContent = what;
      make("dd", "", rows).textContent = text;
    }
    make("p", "kept", dialog).textContent = notice.kept;
    const buttons = make("div", "buttons", dialog);
    const back = make("button", "", buttons);
    back.textContent = notice.back;
    back.addEventListener("click", closeOverlay);
    const discard = make("button", "discard", buttons);
    discard.textContent = notice.discard;
    discard.addEventListener("click", () => {
      discard.disabled = true; // the second click of a double click reports nothing
      discard.textContent = notice.discarding;
      report({ kind: "discard" });
    });
    const shown = dialog;
    shown.addEventListener("close", () => shown === dialog && closeOverlay()); // Esc
    queueMicrotask(() => {
      if (!shown.isConnected || shown.open) return;
      shown.showModal();
      shown.focus({ preventScroll: true }); // the dialog, not a button: whoever is typing must not press one unread
    });
  }

  function closeOverlay() {
    dialog?.close(); // gives the focus back to where it was, with everything typed
    dialog?.remove();
    dialog = notice = null;
  }

  // ---- alarm texts ----

  const alarmed = new Set();
  let lookTimer = 0;
  let lookAfter = LOOK_EVERY_MS;

  const plain = (text) => text.normalize("NFKC").replace(/\s+/gu, "");

  function lookSoon() {
    if (!lookTimer && state?.alarmTexts.some((text) => !alarmed.has(text))) lookTimer = setTimeout(look, lookAfter);
  }

  function look() {
    lookTimer = 0;
    const began = performance.now();
    const visible = plain(document.body?.innerText ?? "");
    for (const text of state?.alarmTexts ?? []) {
      if (alarmed.has(text) || !visible.includes(plain(text))) continue;
      alarmed.add(text);
      report({ kind: "alarm", text });
    }
    lookAfter = Math.max(LOOK_EVERY_MS, (performance.now() - began) * LOOK_SHARE);
  }

  // ---- what is reported by itself ----

  let activeUntil = 0;
  for (const type of ["pointerdown", "keydown", "input"]) {
    window.addEventListener(
      type,
      (event) => {
        if (!event.isTrusted || event.target === host || performance.now() < activeUntil) return;
        activeUntil = performance.now() + ACTIVITY_EVERY_MS;
        report({ kind: "activity" });
      },
      { capture: true, passive: true },
    );
  }

  const watchPage = new MutationObserver(() => {
    reattach();
    lookSoon();
  });
  watchPage.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["class", "style", "hidden", "open"], // what shows a text that was there already
  });
  document.addEventListener("DOMContentLoaded", lookSoon);
  window.addEventListener("load", lookSoon);

  globalThis.madoguchi = Object.freeze({
    /** Draw the ribbon. `newState` is a RibbonState (see ribbon_state.py). */
    show(newState) {
      state = newState;
      wanted = true;
      draw();
      attach();
      lookSoon();
    },
    /** Open the overlay over the page. `newNotice` is a StopNotice. */
    stop(newNotice) {
      notice = newNotice;
      wanted = true;
      attach();
      showOverlay();
    },
    /** Take everything away. */
    clear() {
      closeOverlay();
      state = null;
      detach();
    },
  });

  // A web page gets its ribbon before its first paint, still empty, so that the page does not jump when it is filled.
  if (location.protocol === "https:" || location.protocol === "http:") {
    wanted = true;
    sign.hidden = true;
    for (const { item } of items) item.hidden = true;
    attach();
  }
  report({ kind: "ready" });
})();
