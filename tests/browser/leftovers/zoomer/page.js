addEventListener("zoom", () =>
  chrome.runtime.sendMessage("zoom").then(() => { document.documentElement.dataset.zoomed = "yes"; }));
document.documentElement.dataset.zoomer = "ready";
