/**
 * The checks of one ballot and of a whole receipt, each with a name and an outcome.
 * It fetches nothing and shows nothing; verify.js and the booth do.
 */

import { ECDSA, ballotMessage, canonical, checkToken, hex, leafHash } from "./ballot.js";
import { lowS, tokenMessage, unbase64url } from "./ballot.js";
import { checkPromise, equal, openProof } from "./log.js";
import { Later } from "./requests.js";

const FIELDS = ["choice", "key", "manifest", "prefix", "sig", "token", "type", "v"];
const LENGTHS = { key: 65, prefix: 32, sig: 64 };

/** A ballot's parsed leaf, from its exact text: canonical, with these fields and lengths only. */
export function readBallot(leaf, { k }) {
  const ballot = JSON.parse(leaf);
  if (canonical(ballot) !== leaf) throw new Error("not in canonical form");
  const names = Object.keys(ballot).sort();
  const lengths = Object.entries({ ...LENGTHS, token: k });
  const right = ([name, length]) => unbase64url(ballot[name]).length === length;
  if (names.join() !== FIELDS.join() || ballot.v !== 1 || ballot.type !== "ballot")
    throw new Error("not a ballot of this protocol");
  if (!lengths.every(right) || unbase64url(ballot.key)[0] !== 4) throw new Error("a wrong field");
  return ballot;
}

/** True if the ballot's own key signed it, in the one form allowed (low s). */
export async function checkSignature(ballot) {
  const [key, raw] = [unbase64url(ballot.key), unbase64url(ballot.sig)];
  if (!equal(raw, lowS(raw))) return false;
  const { subtle } = globalThis.crypto;
  const point = await subtle.importKey("raw", key, ECDSA, false, ["verify"]);
  return subtle.verify(ECDSA, point, raw, ballotMessage(ballot));
}

/** True if the issuer signed this ballot's key for this poll. */
export function checkBallotToken(ballot, manifest) {
  const [prefix, key] = [unbase64url(ballot.prefix), unbase64url(ballot.key)];
  const message = tokenMessage(prefix, manifest.hash, key);
  return checkToken(manifest, message, unbase64url(ballot.token));
}

/** The parsed ballot if everything but its choice is right; else false, or an error. */
export async function checkBallot(leaf, manifest) {
  const ballot = readBallot(leaf, manifest);
  const own = ballot.manifest === manifest.field;
  const good = own && (await checkBallotToken(ballot, manifest)) && (await checkSignature(ballot));
  return good && ballot;
}

/**
 * Every check of a receipt, one after another: {check, good, why}. `good` is null where there is
 * nothing to check yet. With `reader` (LogReader) the log as it stands at `now` is asked too.
 */
export async function* checkReceipt({ leaf, promise, proof }, manifest, reader, now) {
  const hash = await leafHash(leaf);
  let ballot;
  yield finding("form", () => Boolean((ballot = readBallot(leaf, manifest))));
  yield finding("manifest", () => ballot.manifest === manifest.field);
  yield finding("token", () => checkBallotToken(ballot, manifest));
  yield finding("signature", () => checkSignature(ballot));
  yield finding("promise", () => promise && checkPromise(promise, hash, manifest));
  const place = proof && (await openProof(proof, hash, manifest.value.log).catch((error) => error));
  if (place) yield finding("proof", () => place.index > 0 || Promise.reject(place));
  else if (reader) yield finding("proof", () => isInLog(hash, promise, reader, now));
  else yield finding("proof", () => null);
  if (reader) yield finding("history", async () => Boolean(await reader.checkpoint(place?.note)));
}

async function finding(check, work) {
  const outcome = await Promise.resolve().then(work).catch((error) => error);
  if (outcome instanceof Later) throw outcome; // nobody there: no verdict on the receipt
  const why = outcome instanceof Error ? outcome.message : "";
  return { check, good: outcome === null || outcome === undefined ? null : outcome === true, why };
}

/** A receipt that has only a promise: in the log by now, still awaited (null), or missing. */
async function isInLog(hash, promise, reader, now) {
  const found = await reader.prove(hash, await reader.checkpoint());
  if (found) return true;
  return promise && now > Date.parse(promise.by) ? false : null;
}
