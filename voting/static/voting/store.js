/**
 * What this device keeps of a person's votes, in the booth's own IndexedDB: one record a poll.
 * A change is read and written in one transaction, so two tabs never overwrite each other.
 */

const [NAME, SHELF] = ["engage-booth", "votes"];

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Ask the browser not to clear this to make room. Some ask the person, so only once it matters. */
let asked = false;
function pleaseKeep() {
  if (!asked) globalThis.navigator?.storage?.persist?.().catch(() => {});
  asked = true;
}

/** The shelf of votes; throws where the browser keeps nothing (some private windows). */
export async function openStore() {
  const opening = globalThis.indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF);
  const database = await done(opening);
  return {
    async read(poll) {
      return done(database.transaction(SHELF).objectStore(SHELF).get(poll));
    },

    /** The record after `change(old)`, on disk before this returns; null takes it away. */
    async update(poll, change) {
      pleaseKeep();
      const transaction = database.transaction(SHELF, "readwrite", { durability: "strict" });
      const shelf = transaction.objectStore(SHELF);
      const kept = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      const record = change(await done(shelf.get(poll)));
      if (record) shelf.put(record, poll);
      else shelf.delete(poll);
      await kept;
      return record;
    },
  };
}
