// A single-page application. It never navigates, speaks to its server by fetch alone, and shows what it holds in its
// store; where the token lies, where the API is and how to log out stand in the page's attributes.
"use strict";
(() => {
  const { api, storage, logout } = document.body.dataset;

  const inLocalStorage = {
    load: async () => JSON.parse(localStorage.getItem("auth"))?.access?.token,
    save: async (token) => localStorage.setItem("auth", JSON.stringify({ access: { token }, theme: "light" })),
    drop: async () => localStorage.removeItem("auth"),
  };
  const inSessionStorage = {
    load: async () => sessionStorage.getItem("token"),
    save: async (token) => sessionStorage.setItem("token", token),
    drop: async () => sessionStorage.removeItem("token"),
  };

  const answerOf = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  async function logins(mode) {
    const opening = indexedDB.open("portal", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("login");
    return (await answerOf(opening)).transaction("login", mode).objectStore("login");
  }
  const inIndexedDb = {
    load: async () => (await answerOf((await logins("readonly")).get("current")))?.token,
    save: async (token) => answerOf((await logins("readwrite")).put({ token, since: new Date() }, "current")),
    drop: async () => answerOf((await logins("readwrite")).delete("current")),
  };

  let remembered = null;
  const inMemory = {
    load: async () => remembered,
    save: async (token) => void (remembered = token),
    drop: async () => void (remembered = null),
  };

  const kept = { local: inLocalStorage, session: inSessionStorage, indexed_db: inIndexedDb, memory: inMemory }[storage];

  async function call(method, path, body) {
    const headers = {};
    const token = await kept?.load();
    if (token) headers.Authorization = `Bearer ${token}`;
    const forgery = /(?:^|; )csrf=([^;]+)/.exec(document.cookie);
    if (forgery) headers["X-CSRF-Token"] = forgery[1];
    if (body) headers["Content-Type"] = "application/json";
    return fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  }

  function make(tag, id, text, onclick) {
    const element = Object.assign(document.createElement(tag), { id, textContent: text });
    if (onclick) element.addEventListener("click", onclick);
    return element;
  }
  const draw = (...elements) => document.querySelector("main").replaceChildren(...elements);

  async function show() {
    const answer = await call("GET", "/api/me");
    if (answer.status === 401) {
      draw(make("input", "person", ""), make("button", "log-in", "ログイン", logIn));
    } else {
      const store = await answer.json(); // from here on the page believes its store, whatever the server knows
      draw(
        make("p", "greeting", `ようこそ、${store.name ?? ""} 様`),
        make("button", "apply", "申込む", apply),
        make("button", "log-out", "ログアウト", logOut),
      );
    }
  }

  async function logIn() {
    const answer = await call("POST", "/api/login", { person: document.querySelector("#person").value });
    const { token } = await answer.json();
    if (token) await kept.save(token);
    await show();
  }

  async function renew() {
    await kept.save((await (await call("POST", "/api/renew")).json()).token);
  }

  async function apply() {
    const answer = await call("POST", "/api/apply");
    if (answer.ok) document.querySelector("main").append(make("p", "done", "申込みました"));
  }

  async function logOut() {
    if (logout) await call(...logout.split(" "));
    await kept?.drop();
    await show();
  }

  globalThis.spa = { call, kept, renew, apply };
  show();
})();
