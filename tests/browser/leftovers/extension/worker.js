// Keeps the card that was read last, as a careless extension would, and answers with the one before.
chrome.runtime.onMessage.addListener(({ card }, _, answer) => {
  chrome.storage.local.get("card")
    .then(({ card: before }) => chrome.storage.local.set({ card }).then(() => answer(before ?? "")));
  return true;
});
