/**
 * Where a browser lets a frame of another site keep nothing, the poll's page keeps the vote for
 * the booth, unread. That shelters it less from a flaw in the page, and the booth says so; where
 * booth and pages share a site (booth.town.example and town.example) it does not happen.
 */

import { openStore } from "./store.js";

/** The booth's side: a store like store.js's, by way of `ask(op, fields)` to the page around. */
export function lodge(ask) {
  const read = async (key) => (await ask("read", { key }))?.record ?? undefined;
  return {
    read,

    /** Read, change, and put back if nobody else did meanwhile; else once more. */
    async update(key, change) {
      for (;;) {
        const kept = await ask("read", { key });
        const record = change(kept?.record ?? undefined) ?? null;
        if (await ask("swap", { key, version: kept?.version ?? 0, record })) return record;
      }
    },
  };
}

/** The page's side: answers `{op, key, version, record}`, for keys of this one poll only. */
export function lodgingFor(poll) {
  const opening = openStore();
  opening.catch(() => {}); // asked for only if the booth needs it
  return async ({ op, key, version, record }) => {
    const store = await opening;
    if (typeof key !== "string" || !key.startsWith(poll)) return null;
    if (op === "read") return (await store.read(key)) ?? null;
    let swapped = false;
    await store.update(key, (kept) => {
      swapped = (kept?.version ?? 0) === version;
      return swapped ? { version: version + 1, record } : kept;
    });
    return swapped;
  };
}
