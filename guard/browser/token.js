// Reads a bearer token from the storage of the origin that it runs on; null if there is none.
async (storage, key, inside) => {
  const fromIndexedDb = async ([database, store, name]) => {
    const open = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
        // A database that is not there must not be made by asking for it.
        request.onupgradeneeded = () => request.transaction.abort();
      });
    const opened = await open(indexedDB.open(database)).catch(() => null);
    if (opened === null) return null;
    try {
      if (!opened.objectStoreNames.contains(store)) return null;
      return (await open(opened.transaction(store).objectStore(store).get(name))) ?? null;
    } finally {
      opened.close();
    }
  };
  const areas = { local: () => localStorage.getItem(key), session: () => sessionStorage.getItem(key) };
  let value = await (areas[storage] ?? (() => fromIndexedDb(key.split("/"))))();
  if (inside && typeof value === "string") value = JSON.parse(value);
  for (const name of inside ? inside.split(".") : []) value = value?.[name];
  return typeof value === "string" ? value : null;
}
