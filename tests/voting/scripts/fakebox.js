/**
 * A ballot box for the voter's scripts to meet, in their own process: it keeps the protocol, and
 * breaks it where a test says so. Deliberately absent: a network, and any check of ballots that
 * the tests do not need; the real box has tests of its own.
 */

import { constants, generateKeyPairSync, privateDecrypt, sign } from "node:crypto";

import * as ballots from "../../../voting/static/voting/ballot.js";
import { nodeHash, split } from "../../../voting/static/voting/log.js";

const { base64, base64url, canonical, hex, join, utf8 } = ballots;
export const POLL = "00000000-0000-4000-8000-00000000000b";
const ORIGIN = `town.test/polls/${POLL}`;
const KEYS = [generateKeyPairSync("ed25519"), generateKeyPairSync("rsa", { modulusLength: 2048 })];

const rawPublic = (key) => new Uint8Array(key.export({ format: "der", type: "spki" }).slice(-32));

/** The log's verifying key as a manifest has it. */
async function vkey(publicKey) {
  const raw = join([1], rawPublic(publicKey));
  const id = (await ballots.sha256(join(utf8(`${ORIGIN}\n`), raw))).slice(0, 4);
  return { id, text: `${ORIGIN}+${hex(id)}+${base64(raw)}` };
}

/** The key that signs all checkpoints here, as manifests name it. */
export const logKey = async () => ({
  origin: ORIGIN,
  vkey: (await vkey(KEYS[0].publicKey)).text,
});

export async function signedNote(size, rootHash) {
  const { id } = await vkey(KEYS[0].publicKey);
  const text = `${ORIGIN}\n${size}\n${base64(rootHash)}\n`;
  const signed = join(id, sign(null, utf8(text), KEYS[0].privateKey));
  return `${text}\n— ${ORIGIN} ${base64(signed)}\n`;
}

export class FakeBox {
  leaves = [];
  intake = new Map(); // by key
  passes = new Set();
  posts = 0;
  asked = 0;
  closed = false;
  now = Date.UTC(2026, 10, 3, 12);
  /** What goes wrong: (path) => Response, "drop" (never arrives), "lose" (answer lost), or null. */
  fault = () => null;
  merging = true;
  promiseDelay = 120;
  promiseKey = KEYS[0].privateKey;

  static async open(changes = {}) {
    const box = new FakeBox();
    const n = KEYS[1].publicKey.export({ format: "jwk" }).n;
    const issuer = { alg: "RSABSSA-SHA384-PSS-Randomized", e: 65537, kid: "00000000", n };
    const options = ["a", "b", "c"].map((id) => ({ id, title: id.toUpperCase() }));
    box.manifest = canonical({
      v: 1, type: "manifest", poll: POLL, title: "Which bench?", method: "plurality", options,
      rules: { id: "plurality/1", params: { seats: 1 }, text: "Most ballots win." },
      collect_from: "2026-11-01T08:00Z", open: "2026-11-02T08:00Z", close: "2026-11-30T20:00Z",
      issuers: [issuer], quorum: 1, roll: null, eligibility: "everyone", results: "live",
      batch: { min: 1, every_s: 10, max_delay_s: 120 }, revote: false, tally_key: null,
      log: await logKey(), client: {}, assisted: false, ...changes,
    });
    box.leaves.push(box.manifest);
    return box;
  }

  /** What stands in for fetch. */
  fetch = async (url, settings = {}) => {
    const path = new URL(url, "http://booth.test").pathname;
    const wrong = this.fault(path);
    if (wrong === "drop") throw new TypeError("network");
    if (wrong instanceof Response) return wrong;
    const answer = await this.answer(path, settings);
    if (wrong === "lose") throw new TypeError("network");
    return answer;
  };

  async answer(path, { body }) {
    const [, , , verb, ...rest] = path.split("/");
    if (verb === "manifest.json") return new Response(this.shown ?? this.manifest);
    if (verb === "pass") return this.pass(body);
    if (verb === "ballots") return this.cast(body);
    if (verb === "checkpoint") return new Response(await this.checkpoint());
    if (verb === "tile") return this.tile(rest);
    return refusal(404, "not-found");
  }

  pass(blinded) {
    this.asked += 1;
    this.passes.add(hex(blinded));
    if (this.passes.size > 1) return this.passes.delete(hex(blinded)), refusal(409, "pass-taken");
    const key = { key: KEYS[1].privateKey, padding: constants.RSA_NO_PADDING };
    return new Response(privateDecrypt(key, blinded));
  }

  async cast(leaf) {
    this.posts += 1;
    const { key } = JSON.parse(leaf);
    const known = this.intake.get(key) ?? this.leaves.find((each) => each.includes(key));
    if (known && known !== leaf) return refusal(409, "key-used");
    if (!known && this.closed) return refusal(410, "closed");
    if (!known) this.intake.set(key, leaf);
    const minute = Math.ceil((this.now + 1000 * this.promiseDelay) / 60_000) * 60_000;
    const by = `${new Date(minute).toISOString().slice(0, 16)}Z`;
    const promise = { by, leaf: hex(await ballots.leafHash(leaf)) };
    const manifest = base64url(await ballots.sha256(utf8(this.manifest)));
    const message = utf8(`civic-ballot/1 promise\n${canonical({ ...promise, manifest })}`);
    const sig = base64url(new Uint8Array(sign(null, message, this.promiseKey)));
    return new Response(canonical({ ...promise, sig }), { status: 202 });
  }

  merge() {
    this.leaves.push(...this.intake.values());
    this.intake.clear();
  }

  async checkpoint() {
    if (this.merging) this.merge();
    const hashes = await Promise.all(this.leaves.map(ballots.leafHash));
    return signedNote(hashes.length, await root(hashes));
  }

  async tile([level, ...name]) {
    const width = Number(name.at(-1));
    if (level === "entries") {
      const raw = this.leaves.slice(0, width).map(utf8);
      const entry = (leaf) => join([leaf.length >> 8, leaf.length & 255], leaf);
      return new Response(join(...raw.map(entry)));
    }
    const hashes = await Promise.all(this.leaves.slice(0, width).map(ballots.leafHash));
    return new Response(join(...hashes));
  }

  /** The ballots in the log, parsed. */
  ballots() {
    const parsed = this.leaves.map((leaf) => JSON.parse(leaf));
    return parsed.filter((leaf) => leaf.type === "ballot");
  }
}

export function refusal(status, code, headers = {}) {
  return new Response(JSON.stringify({ code, detail: `sentence ${code}` }), { status, headers });
}

async function root(hashes) {
  if (hashes.length === 1) return hashes[0];
  const k = split(hashes.length);
  return nodeHash(await root(hashes.slice(0, k)), await root(hashes.slice(k)));
}
