/**
 * The ballot box and its log as one voter meets them: nothing they say is taken unchecked.
 * It keeps nothing; vote.js does.
 */

import { base64url, leafHash } from "./ballot.js";
import { checkPromise } from "./log.js";
import { readManifest } from "./manifest.js";
import { checkBallot } from "./receipt.js";
import { Later, ask } from "./requests.js";
import { LogReader } from "./tiles.js";

/** Something that must not be: shown as an alarm under `key`, and no further step is taken. */
export class Alarm extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

/**
 * The manifest at `url`, once the log of that very manifest proves to hold it as leaf 0:
 * {manifest, note}. Otherwise one voter could be given keys of their own and be known by them.
 */
export async function meet(url, base, poll) {
  const bytes = new Uint8Array(await (await ask(url)).arrayBuffer());
  const manifest = await readManifest(bytes).catch(() => null);
  if (manifest?.value.poll !== poll) throw new Alarm("manifest");
  if (manifest.value.results === "sealed") throw new Alarm("sealed");
  const reader = new LogReader(base, manifest.value.log, ask);
  try {
    const checkpoint = await reader.checkpoint();
    await reader.proveAt(await leafHash(bytes), 0, checkpoint);
    return { manifest, note: checkpoint.note };
  } catch (error) {
    throw error instanceof Later ? error : new Alarm("log");
  }
}

const TOLERANCE_MS = 120_000; // how far a promise may reach, beyond the poll's own delay

export class Box {
  constructor(base, manifest) {
    Object.assign(this, { base, manifest });
    this.reader = new LogReader(base, manifest.value.log, ask);
  }

  /** Hand in a ballot's exact text; the box's promise, with `late` if it reaches too far. */
  async post(leaf, now) {
    const settings = { method: "POST", body: leaf, headers: { "Content-Type": "text/plain" } };
    const { by, leaf: hash, sig } = await (await ask(`${this.base}ballots`, settings)).json();
    const promise = { by, leaf: hash, sig };
    const check = checkPromise(promise, await leafHash(leaf), this.manifest);
    if (!(await check.catch(() => false))) throw new Alarm("promise");
    const latest = now + 1000 * this.manifest.value.batch.max_delay_s + TOLERANCE_MS;
    return { promise, late: Date.parse(by) > latest };
  }

  /** The newest checkpoint of the history we know, and a proof of our ballot, if it is in. */
  async look(leaf, known) {
    const checkpoint = await this.reader.checkpoint(known);
    const proof = await this.reader.prove(await leafHash(leaf), checkpoint);
    return { checkpoint: checkpoint.note, proof };
  }

  /** A good ballot with this key, from among all in the log; nobody is told which one we seek. */
  async find(key, known) {
    const { size } = await this.reader.checkpoint(known);
    for await (const leaf of this.reader.entries(size)) {
      const good = leaf.includes(base64url(key)) && checkBallot(leaf, this.manifest);
      if (good && (await good.catch(() => false))) return leaf;
    }
    return null;
  }

  /** Whether the log's last batch is in: a `close` leaf stands near its end. */
  async isClosed(known) {
    const { size } = await this.reader.checkpoint(known);
    for await (const leaf of this.reader.entries(size, Math.max(0, size - 256)))
      if (JSON.parse(leaf).type === "close") return true;
    return false;
  }
}
