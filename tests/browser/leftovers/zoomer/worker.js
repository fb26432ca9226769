// Zooms the tab that asks: the browser keeps the level for the page's host.
chrome.runtime.onMessage.addListener((_, { tab }, answer) => {
  chrome.tabs.setZoom(tab.id, 1.5).then(() => answer("done"));
  return true;
});
