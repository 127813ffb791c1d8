/**
 * Reading a poll's log over the network (C2SP tlog-tiles), without cookies and without saying
 * which ballot is looked for: up to 65,536 leaves every tile is fetched, above that a whole group.
 * It checks all it reads against a signed checkpoint and keeps nothing but tiles.
 */

import { hex, text } from "./ballot.js";
import { equal, formatProof, nodeHash, openCheckpoint, openProof, parseProof } from "./log.js";
import { split, verifyConsistency, verifyInclusion } from "./log.js";

const WIDTH = 256; // hashes in a full tile: eight levels of the tree
const ALL_TILES_UP_TO = 65_536;
const AT_ONCE = 6;

/** The path of a tile: level, or "entries"; 1234067 is written x001/x234/067. */
export function tilePath(level, index, width) {
  const groups = String(index).padStart(3 * Math.ceil(String(index).length / 3), "0").match(/.../g);
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** Which group of proofs to ask for: as many digits of the hash as leave about 256 others in it. */
export function proofGroup(hash, size) {
  let digits = 0;
  while (digits < 3 && WIDTH * 16 ** (digits + 1) <= size) digits += 1;
  return digits ? hex(hash).slice(0, digits) : "all";
}

/** The log showed two histories: `notes` are two signed checkpoints that contradict each other. */
export class Forked extends Error {
  constructor(...notes) {
    super("the log has two histories");
    this.notes = notes;
  }
}

export class LogReader {
  #tiles = new Map();
  #size = 0; // of the largest checkpoint seen: tiles are asked for as that one has them

  /** `base` ends with a slash; `log` is the manifest's {origin, vkey}; `get` fetches a Response. */
  constructor(base, log, get) {
    Object.assign(this, { base, log, get });
  }

  /** The newest checkpoint; with `known`, a note kept earlier, it must be of the same history. */
  async checkpoint(known) {
    const response = await this.get(`${this.base}checkpoint`, { cache: "no-store" });
    const fresh = await openCheckpoint(await response.text(), this.log);
    if (!known) return fresh;
    const old = await openCheckpoint(known, this.log);
    await this.sameHistory(old, fresh);
    return old.size > fresh.size ? old : fresh; // a cache may answer late: no harm in that
  }

  /** Throws Forked unless the smaller of two checkpoints lies within the larger. */
  async sameHistory(...two) {
    const [old, young] = two.sort((a, b) => a.size - b.size);
    this.#size = Math.max(this.#size, young.size);
    if (old.size === 0) return; // an empty log is the beginning of every history
    const proof = await this.#between(old.size, 0, young.size, true);
    if (await verifyConsistency(old.size, young.size, proof, old.root, young.root)) return;
    throw new Forked(old.note, young.note);
  }

  /** A tlog-proof of the leaf with this hash under `checkpoint`; null if the log lacks it. */
  async prove(hash, checkpoint) {
    const { size } = checkpoint;
    if (size > ALL_TILES_UP_TO) return this.#proveByGroup(hash, checkpoint);
    this.#size = Math.max(this.#size, size);
    for (let i = 0; WIDTH * i < size; i += AT_ONCE) await this.#tilesFrom(i, size);
    for (let i = 0; WIDTH * i < size; i += 1) {
      const place = (await this.#tile(0, i)).findIndex((other) => equal(other, hash));
      if (place >= 0 && WIDTH * i + place < size)
        return this.proveAt(hash, WIDTH * i + place, checkpoint);
    }
    return null;
  }

  /** The same for a leaf whose place everybody knows, such as the manifest at 0. */
  async proveAt(hash, index, { size, root, note }) {
    this.#size = Math.max(this.#size, size);
    const proof = index < size ? await this.#path(index, 0, size) : [];
    if (await verifyInclusion(hash, index, size, proof, root))
      return formatProof({ hash, index, proof, note });
    throw new Error("the log's tiles do not lead to its checkpoint");
  }

  /** Every leaf's exact text up to `size`, in order, from the bundle that holds leaf `first`. */
  async *entries(size, first = 0) {
    for (let i = Math.floor(first / WIDTH); WIDTH * i < size; i += 1) {
      const bundle = await this.#fetch("entries", i, Math.min(WIDTH, size - WIDTH * i));
      for (let at = 0, n = WIDTH * i; at < bundle.length && n < size; n += 1) {
        const end = at + 2 + 256 * bundle[at] + bundle[at + 1];
        yield text(bundle.slice(at + 2, end));
        at = end;
      }
    }
  }

  async #proveByGroup(hash, checkpoint) {
    const response = await this.get(`${this.base}proof/${proofGroup(hash, checkpoint.size)}`);
    for (const written of (await response.text()).split(/^(?=c2sp\.org\/tlog-proof@v1$)/m)) {
      if (!written || !equal(parseProof(written).hash, hash)) continue;
      await this.sameHistory(checkpoint, await openProof(written, hash, this.log));
      return written;
    }
    return null;
  }

  // RFC 6962 2.1.1 and 2.1.2 over leaves from…to. What #between fetches depends on sizes alone.
  async #path(index, from, to) {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    return index < middle
      ? [...(await this.#path(index, from, middle)), await this.#root(middle, to)]
      : [...(await this.#path(index, middle, to)), await this.#root(from, middle)];
  }

  async #between(m, from, to, whole) {
    if (m === to - from) return whole ? [] : [await this.#root(from, to)];
    const middle = from + split(to - from);
    return m <= middle - from
      ? [...(await this.#between(m, from, middle, whole)), await this.#root(middle, to)]
      : [
          ...(await this.#between(m - (middle - from), middle, to, false)),
          await this.#root(from, middle),
        ];
  }

  /** The root over leaves from…to: read from a tile where it is complete, else joined of two. */
  async #root(from, to) {
    const height = Math.log2(to - from);
    if (!Number.isInteger(height)) {
      const middle = from + split(to - from);
      return nodeHash(await this.#root(from, middle), await this.#root(middle, to));
    }
    const level = Math.floor(height / 8);
    const [first, count] = [from / WIDTH ** level, 2 ** (height % 8)];
    const tile = await this.#tile(level, Math.floor(first / WIDTH));
    let row = tile.slice(first % WIDTH, (first % WIDTH) + count);
    while (row.length > 1) row = await joinPairs(row);
    return row[0];
  }

  #tilesFrom(first, size) {
    const last = Math.min(first + AT_ONCE, Math.ceil(size / WIDTH));
    const each = Array.from({ length: last - first }, (_, i) => this.#tile(0, first + i));
    return Promise.all(each);
  }

  /** The hashes of a tile, as wide as the largest checkpoint has it. */
  async #tile(level, index) {
    const width = Math.min(WIDTH, Math.floor(this.#size / WIDTH ** level) - WIDTH * index);
    const kept = this.#tiles.get(`${level}/${index}`) ?? [];
    if (kept.length >= width) return kept;
    const raw = await this.#fetch(level, index, width);
    const tile = Array.from({ length: width }, (_, i) => raw.slice(32 * i, 32 * i + 32));
    if (tile.at(-1).length !== 32) throw new Error("a tile of the log is cut short");
    this.#tiles.set(`${level}/${index}`, tile);
    return tile;
  }

  async #fetch(level, index, width) {
    const ask = (wide) => this.get(`${this.base}${tilePath(level, index, wide)}`);
    const orFull = (error) => {
      if (error.status !== 404 || width === WIDTH) throw error;
      return ask(WIDTH); // a full tile replaces its parts
    };
    return new Uint8Array(await (await ask(width).catch(orFull)).arrayBuffer());
  }
}

const joinPairs = (row) =>
  Promise.all(row.flatMap((left, i) => (i % 2 ? [] : [nodeHash(left, row[i + 1])])));
