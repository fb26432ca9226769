addEventListener("card", ({ detail }) =>
  chrome.runtime.sendMessage({ card: detail }).then((before) => { document.documentElement.dataset.before = `"${before}"`; }));
document.documentElement.dataset.reader = "ready";
