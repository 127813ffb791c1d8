/** Logs of many sizes, read through tiles: what is asked for, and that the proofs hold. */

import { createHash } from "node:crypto";

import { hex } from "../../../voting/static/voting/ballot.js";
import { formatProof, parseProof, verifyInclusion } from "../../../voting/static/voting/log.js";
import { LogReader } from "../../../voting/static/voting/tiles.js";
import { logKey, signedNote } from "./fakebox.js";

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const node = (left, right) => sha256("\x01", left, right);
const leaf = (i) => sha256("\0", `leaf ${i}`);

/** A log whose every level is kept: level 0 holds leaf hashes, the next their pairs, and so on. */
function grow(size) {
  const levels = [Array.from({ length: size }, (_, i) => leaf(i))];
  while (levels.at(-1).length > 1) {
    const row = levels.at(-1);
    const pair = (_, i) => node(row[2 * i], row[2 * i + 1]);
    levels.push(Array.from({ length: row.length >> 1 }, pair));
  }
  return levels;
}

/** Root and inclusion proof by the definition in RFC 6962, with kept levels as a short cut. */
function root(levels, from, to) {
  const height = Math.log2(to - from);
  if (Number.isInteger(height)) return levels[height][from / (to - from)];
  const middle = from + 2 ** Math.floor(height);
  return node(root(levels, from, middle), root(levels, middle, to));
}

function path(levels, index, from, to) {
  if (to - from === 1) return [];
  const middle = from + 2 ** Math.floor(Math.log2(to - from - 1));
  return index < middle
    ? [...path(levels, index, from, middle), root(levels, middle, to)]
    : [...path(levels, index, middle, to), root(levels, from, middle)];
}

/** A reader of the log at `size`, with what it asked for; partial tiles only as they are. */
async function readerOf(levels, size) {
  const asked = [];
  const note = (count) => ({ size: count, root: root(levels, 0, count), note: `note ${count}\n` });
  const get = async (url) => {
    asked.push(url);
    const group = url.match(/proof\/(\w+)$/);
    if (group) return new Response(await proofs(levels, size, group[1]));
    const [, level, name, , partial] = url.match(/tile\/(\d)\/([x\d/]+)(\.p\/(\d+))?$/);
    const index = Number(name.replace(/[x/]/g, ""));
    const row = levels[8 * level].slice(0, Math.floor(size / 256 ** level));
    const tile = row.slice(256 * index, 256 * index + 256);
    const width = Number(partial ?? 256);
    if (tile.length < width || (partial && tile.length === 256))
      throw Object.assign(new Error(url), { status: 404 });
    return new Response(Buffer.concat(tile.slice(0, width)));
  };
  return { reader: new LogReader("/", await logKey(), get), asked, note };
}

async function proofs(levels, size, group) {
  const note = await signedNote(size, root(levels, 0, size));
  const all = levels[0].slice(0, size).map((hash, index) => ({ hash, index }));
  const inGroup = all.filter(({ hash }) => hex(hash).startsWith(group));
  const write = ({ hash, index }) =>
    formatProof({ hash, index, proof: path(levels, index, 0, size), note });
  return inGroup.map(write).join("");
}

export async function everySize() {
  const levels = grow(70_000);
  const wrong = [];
  for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 5_000, 65_535, 65_536]) {
    const { reader, asked, note } = await readerOf(levels, size);
    for (const index of new Set([0, size >> 1, size - 1])) {
      const written = await reader.prove(levels[0][index], note(size));
      const { proof, index: found } = parseProof(written);
      const holds = await verifyInclusion(levels[0][index], found, size, proof, note(size).root);
      if (!holds || found !== index) wrong.push(["inclusion", size, index]);
    }
    const bottom = asked.filter((url) => url.startsWith("/tile/0/"));
    if (bottom.length !== Math.ceil(size / 256)) wrong.push(["tiles", size, bottom.length]);
    for (const old of [1, 2, 255, 256, 300, 512, 4_999, 65_535].filter((count) => count <= size))
      await reader
        .sameHistory(note(old), note(size))
        .catch(() => wrong.push(["history", old, size]));
  }
  return wrong;
}

/** A checkpoint older than the log's tiles: parts that are full by now come as full tiles. */
export async function olderCheckpoint() {
  const levels = grow(1_000);
  const { reader, note } = await readerOf(levels, 1_000);
  const proof = parseProof(await reader.prove(levels[0][3], note(300)));
  const absent = await reader.prove(levels[0][700], note(300));
  return [proof.index, proof.note, absent];
}

/** Above 65,536 leaves a group of about 256 is asked for, never one leaf. */
export async function aboveAllTiles() {
  const levels = grow(70_000);
  const { reader, asked, note } = await readerOf(levels, 70_000);
  const hash = levels[0][66_666];
  const group = hex(hash).slice(0, 2);
  const { index } = parseProof(await reader.prove(hash, note(69_000)));
  const others = levels[0].filter((other) => hex(other).startsWith(group)).length;
  const bottom = asked.filter((url) => url.startsWith("/tile/0/")).length;
  const absent = await reader.prove(leaf(-1), note(69_000));
  return { first: asked[0] === `/proof/${group}`, bottom, others, index, absent };
}
