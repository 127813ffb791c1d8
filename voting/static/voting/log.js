/**
 * What a poll's log signs and proves: checkpoints (C2SP signed notes), RFC 6962 proofs, promises.
 * It trusts nothing but the log's key and fetches nothing; tiles.js does.
 */

import { base64, canonical, hex, join, sha256, unbase64, unbase64url, utf8 } from "./ballot.js";
import { verifyEd25519 } from "./ed25519.js";

export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const nodeHash = (left, right) => sha256(join([1], left, right));
/** The largest power of two below n: where RFC 6962 splits a tree of n leaves. */
export const split = (n) => 2 ** Math.floor(Math.log2(n - 1));

// ---- signed notes ----

/** A vkey `name+id+key` taken apart; refused if the id is not that key's. */
export async function parseKey(vkey) {
  const [, name, id, key] = vkey.match(/^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/) ?? [];
  const raw = unbase64(key ?? "?");
  const full = await sha256(join(utf8(`${name}\n`), raw));
  if (raw.length !== 33 || raw[0] !== 1 || hex(full.slice(0, 4)) !== id)
    throw new Error("not an Ed25519 log key");
  return { name, id: full.slice(0, 4), key: raw.slice(1) };
}

/** The text of a signed note, if the key of `vkey` signed it; other people's lines are skipped. */
export async function openNote(note, vkey) {
  const end = note.lastIndexOf("\n\n") + 1;
  const { name, id, key } = await parseKey(vkey);
  for (const line of note.slice(end + 1).split("\n")) {
    if (!line.startsWith(`— ${name} `)) continue;
    const signed = unbase64(line.slice(name.length + 3));
    if (!equal(signed.slice(0, 4), id)) continue;
    if (end && (await verifyEd25519(key, utf8(note.slice(0, end)), signed.slice(4))))
      return note.slice(0, end);
  }
  throw new Error("the log's signature is missing or wrong");
}

/** A checkpoint whose signature and origin are right: {size, root, note}. */
export async function openCheckpoint(note, { origin, vkey }) {
  const signed = await openNote(note, vkey);
  const [first, size, root, ...rest] = signed.split("\n");
  if (first !== origin || !/^(0|[1-9]\d{0,11})$/.test(size) || rest.length !== 1 || rest[0])
    throw new Error("not a checkpoint of this log");
  return { size: Number(size), root: unbase64(root), note };
}

// ---- proofs (RFC 6962 2.1.1 and 2.1.2) ----

async function climb(hash, index, size, proof) {
  if (size === 1) return hash;
  const [k, sibling] = [split(size), proof.pop()];
  return index < k
    ? nodeHash(await climb(hash, index, k, proof), sibling)
    : nodeHash(sibling, await climb(hash, index - k, size - k, proof));
}

/** True if `proof` leads from a leaf's hash at `index` to the root of a tree of `size`. */
export async function verifyInclusion(hash, index, size, proof, root) {
  if (!(index >= 0 && index < size)) return false;
  if ([hash, ...proof].some((node) => node.length !== 32)) return false;
  const left = [...proof];
  const found = await climb(hash, index, size, left).catch(() => []);
  return left.length === 0 && equal(found, root);
}

/** Roots of the first `m` and of all `n` leaves, both from one proof: [old, new]. */
async function grow(m, n, proof, oldRoot) {
  if (m === n) {
    const hash = oldRoot ?? proof.pop();
    return [hash, hash];
  }
  const [k, sibling] = [split(n), proof.pop()];
  if (m <= k) {
    const [old, young] = await grow(m, k, proof, oldRoot);
    return [old, await nodeHash(young, sibling)];
  }
  const [old, young] = await grow(m - k, n - k, proof, null);
  return [await nodeHash(sibling, old), await nodeHash(sibling, young)];
}

/** True if the tree of size `n` still holds the tree of size `m` (at least 1) untouched. */
export async function verifyConsistency(m, n, proof, oldRoot, newRoot) {
  if (m < 1 || m > n || proof.some((node) => node.length !== 32)) return false;
  const left = [...proof];
  const [old, young] = await grow(m, n, left, oldRoot).catch(() => [[], []]);
  return left.length === 0 && equal(old, oldRoot) && equal(young, newRoot);
}

const PROOF = "c2sp.org/tlog-proof@v1\n";

/** A receipt's proof as text (C2SP tlog-proof), with the leaf's hash as its extra data. */
export function formatProof({ hash, index, proof, note }) {
  const hashes = proof.map((node) => `${base64(node)}\n`).join("");
  return `${PROOF}extra ${base64(hash)}\nindex ${index}\n${hashes}\n${note}`;
}

const SHAPE = /^(?:extra (.*)\n)?index (0|[1-9]\d{0,11})\n((?:.+\n)*)\n([^]+)$/;

/** The parts of a tlog-proof, unchecked: {hash, index, proof, note}. */
export function parseProof(written) {
  const found = written.startsWith(PROOF) && written.slice(PROOF.length).match(SHAPE);
  if (!found) throw new Error("not a tlog-proof");
  const [, extra, index, hashes, note] = found;
  const proof = hashes.split("\n").slice(0, -1).map(unbase64);
  return { hash: unbase64(extra ?? ""), index: Number(index), proof, note };
}

/** The place of a leaf in the log, {index, size, root, note}, if `written` proves it. */
export async function openProof(written, hash, log) {
  const { index, proof, note } = parseProof(written);
  const checkpoint = await openCheckpoint(note, log);
  if (await verifyInclusion(hash, index, checkpoint.size, proof, checkpoint.root))
    return { index, ...checkpoint };
  throw new Error("the proof does not lead to the checkpoint");
}

/** True if the log's key promised to include the leaf with this hash by the time `by`. */
export async function checkPromise({ by, leaf, sig }, hash, { field, value }) {
  const { key } = await parseKey(value.log.vkey);
  const message = utf8(`civic-ballot/1 promise\n${canonical({ by, leaf, manifest: field })}`);
  return leaf === hex(hash) && verifyEd25519(key, message, unbase64url(sig));
}
