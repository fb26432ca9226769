// The citizen's page. It draws the signature, which never leaves this page but on paper, and keeps it over updates.
"use strict";
(() => {
  const canvas = document.getElementById("signature");
  const form = document.querySelector("form");
  const shown = document.body.dataset.of;

  function wire(canvas) {
    const pen = canvas.getContext("2d");
    const wipe = () => pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#17241f" });
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
      pen.lineTo(...at(event)); // a dot, too, is part of a signature
      pen.stroke();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    document.getElementById("clear").addEventListener("click", wipe);
    window.addEventListener("pagehide", wipe);
  }

  // Only the list and the thanks are exchanged: the signature stays on the page until it is left.
  function take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (fresh.body.dataset.of !== shown) return location.reload();
    for (const id of ["items", "act"]) {
      const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
      const ticked = [...old?.querySelectorAll(":checked") ?? []].map((box) => box.name);
      if (!old || !next) continue;
      old.replaceChildren(...next.childNodes);
      for (const box of old.querySelectorAll("input")) box.checked ||= ticked.includes(box.name);
    }
  }

  async function send(event) {
    event.preventDefault();
    if (form.hasAttribute("data-busy")) return;
    form.setAttribute("data-busy", "");
    try {
      const answer = await fetch("/citizen", { method: "POST", body: new URLSearchParams(new FormData(form)) });
      take(await answer.text());
    } catch {
      form.submit(); // what the browser then shows is the truth, if not pretty
    } finally {
      form.removeAttribute("data-busy");
    }
  }

  if (canvas) {
    wire(canvas);
    form.addEventListener("submit", send);
    document.getElementById("print").addEventListener("click", () => print());
  }
  const events = new EventSource("/events");
  events.addEventListener("changed", async () => {
    try {
      take(await (await fetch(location.href, { cache: "no-store" })).text());
    } catch {
      // the counter is closing, and this page with it
    }
  });
  window.addEventListener("pagehide", () => events.close());
})();
