/** Vectors checked against the voter's scripts; this module runs under Node and in a browser. */

import * as ballots from "../../../voting/static/voting/ballot.js";
import { verifyByHand, verifyEd25519 } from "../../../voting/static/voting/ed25519.js";
import * as logs from "../../../voting/static/voting/log.js";
import { readManifest } from "../../../voting/static/voting/manifest.js";
import { LogReader, proofGroup, tilePath } from "../../../voting/static/voting/tiles.js";
import { checkBallot, checkReceipt } from "../../../voting/static/voting/receipt.js";

const { hex, unhex, utf8 } = ballots;

/** Compares and counts; `wrong` names what differs, with both values. */
class Ledger {
  checked = 0;
  wrong = [];

  same(name, found, wanted) {
    this.checked += 1;
    if (found instanceof Uint8Array) found = hex(found);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) this.wrong.push([name, found, wanted]);
  }

  async refused(name, work) {
    this.checked += 1;
    const outcome = await Promise.resolve().then(work).catch(() => "refused");
    if (outcome !== "refused" && outcome !== false) this.wrong.push([name, "taken", "refused"]);
  }
}

/** RFC 9474 appendix A: blind and finalize, with the salt lengths that the vectors have. */
export async function rfc9474(vectors) {
  const ledger = new Ledger();
  for (const v of vectors) {
    const [n, e] = [BigInt(v.n), BigInt(v.e)];
    const issuer = { n, e, k: v.n.length / 2 - 1 };
    const [message, salt] = [unhex(v.input_msg), unhex(v.salt)];
    const r = ballots.inverse(BigInt(v.inv), n);
    const encoded = await ballots.encodePss(message, n.toString(2).length - 1, salt);
    if (v.encoded_msg) ledger.same(`${v.name} encoded_msg`, encoded, v.encoded_msg);
    const z = await ballots.blind(issuer, message, salt, r);
    ledger.same(`${v.name} blinded_msg`, z, v.blinded_msg);
    const signed = unhex(v.blind_sig);
    const token = await ballots.finalize(issuer, message, signed, r, salt.length);
    ledger.same(`${v.name} sig`, token, v.sig);
    signed[9] ^= 1;
    const bad = () => ballots.finalize(issuer, message, signed, r, salt.length);
    await ledger.refused(`${v.name} a wrong blind signature`, bad);
  }
  return ledger;
}

/** The worked example of ballot protocol 1, every byte that a voter's client makes or checks. */
export async function example(vectors) {
  const ledger = new Ledger();
  for (const poll of vectors.polls) {
    const manifest = await readManifest(utf8(poll.manifest));
    ledger.same("manifest_sha256", manifest.hash, poll.manifest_sha256);
    ledger.same("manifest_field", manifest.field, poll.manifest_field);
    for (const voter of poll.voters) await exampleVoter(ledger, poll, manifest, voter);
    for (const { why, code, leaf } of poll.refuse)
      if (["canonical", "signature", "fields", "token", "manifest"].includes(code))
        await ledger.refused(why, () => checkBallot(leaf, manifest));
    await exampleLog(ledger, poll, manifest);
  }
  return ledger;
}

async function exampleVoter(ledger, poll, manifest, v) {
  const seed = unhex(v.seed);
  for (const [name, { length, output }] of Object.entries(v.hkdf)) {
    const found = await ballots.derive(seed, name, length, manifest.hash);
    ledger.same(`hkdf ${name}`, found, output);
  }
  const keys = await ballots.voter(seed, manifest);
  ledger.same("secret_key", keys.d.toString(16).padStart(64, "0"), v.secret_key);
  ledger.same("public_key", keys.key, v.public_key);
  ledger.same("prefix", keys.prefix, v.prefix);
  ledger.same("salt", keys.salt, v.salt);
  ledger.same("r", keys.r.toString(16).padStart(2 * manifest.k, "0"), v.r);
  ledger.same("token_message", keys.message, v.token_message);
  const encoded = await ballots.encodePss(keys.message, 8 * manifest.k - 1, keys.salt);
  ledger.same("emsa_pss_encoded", encoded, v.emsa_pss_encoded);
  const z = await ballots.blind(manifest, keys.message, keys.salt, keys.r);
  ledger.same("blinded_msg", z, v.blinded_msg);
  const inverse = ballots.inverse(keys.r, manifest.n).toString(16);
  ledger.same("inv", inverse.padStart(2 * manifest.k, "0"), v.inv);
  const token = await ballots.finalize(manifest, keys.message, unhex(v.blind_sig), keys.r);
  ledger.same("token", token, v.token);
  await exampleBallot(ledger, manifest, v, keys, token);
  ledger.same("recovery_code", await ballots.recoveryCode(seed), v.recovery_code);
  const typed = v.recovery_code.toLowerCase().replaceAll("0", "o").replaceAll("-", " ");
  ledger.same("recovery code read", await ballots.seedFromCode(typed), v.seed);
  const slip = v.recovery_code.replace(/^./, (sign) => (sign === "Z" ? "Y" : "Z"));
  await ledger.refused("a slip in the code", () => ballots.seedFromCode(slip));
  await ledger.refused("a short code", () => ballots.seedFromCode(v.recovery_code.slice(6)));
}

async function exampleBallot(ledger, manifest, v, keys, token) {
  const parsed = JSON.parse(v.leaf);
  const { sig, ...unsigned } = parsed;
  ledger.same("sig", ballots.unbase64url(sig), v.sig);
  ledger.same("ballot_message", ballots.text(ballots.ballotMessage(parsed)), v.ballot_message);
  const signed = { sig: ballots.base64url(unhex(v.sig)), ...unsigned };
  ledger.same("leaf", ballots.canonical(signed), v.leaf);
  ledger.same("the example's ballot holds", (await checkBallot(v.leaf, manifest)) !== null, true);
  const own = await ballots.ballot(parsed.choice, keys, token, manifest);
  ledger.same("our ballot holds", (await checkBallot(own, manifest)) !== null, true);
  const without = (leaf) => JSON.stringify({ ...JSON.parse(leaf), sig: "" });
  ledger.same("our ballot but for the signature", without(own), without(v.leaf));
  ledger.same("leaf_hash", await ballots.leafHash(v.leaf), v.leaf_hash);
  await examplePromise(ledger, manifest, v);
}

async function examplePromise(ledger, manifest, v) {
  const hash = unhex(v.leaf_hash);
  ledger.same("promise", await logs.checkPromise(v.promise, hash, manifest), true);
  const later = { ...v.promise, by: "2031-01-01T00:00Z" };
  ledger.same("a changed promise", await logs.checkPromise(later, hash, manifest), false);
  const { index } = await logs.openProof(v.tlog_proof, hash, manifest.value.log);
  ledger.same("tlog_proof", index, v.leaf_index);
  ledger.same("tlog_proof written", logs.formatProof(logs.parseProof(v.tlog_proof)), v.tlog_proof);
  const open = (proof, of = hash) => logs.openProof(proof, of, manifest.value.log);
  await ledger.refused("a proof of another leaf", () => open(v.tlog_proof, manifest.hash));
  const other = v.tlog_proof.replace(/index \d+/, "index 0");
  await ledger.refused("a proof of another place", () => open(other));
  await exampleReceipts(ledger, manifest, v);
}

async function exampleReceipts(ledger, manifest, v) {
  const whole = { leaf: v.leaf, promise: v.promise, proof: v.tlog_proof };
  const spoilt = (name, by) => ({ ...whole, [name]: by });
  const edited = v.leaf.replace(/"sig":"./, (start) => start.slice(0, -1) + "_");
  const cases = {
    "": whole,
    "form manifest token signature promise proof": spoilt("leaf", v.leaf.replace(":", ": ")),
    "signature promise proof": spoilt("leaf", edited),
    promise: spoilt("promise", { ...v.promise, by: "2031-01-01T00:00Z" }),
    proof: spoilt("proof", v.tlog_proof.replace(/index \d+/, "index 0")),
  };
  for (const [wanted, receipt] of Object.entries(cases)) {
    const bad = [];
    for await (const { check, good } of checkReceipt(receipt, manifest)) if (!good) bad.push(check);
    ledger.same(`receipt: ${wanted}`, bad.join(" "), wanted);
  }
  const open = [];
  const bare = { leaf: v.leaf, promise: null, proof: null };
  for await (const found of checkReceipt(bare, manifest))
    if (!found.good) open.push([found.check, found.good]);
  ledger.same("a receipt with nothing yet", open, [["promise", null], ["proof", null]]);
}

async function exampleLog(ledger, poll, manifest) {
  const { log } = manifest.value;
  const hashes = await Promise.all(poll.leaves.map(ballots.leafHash));
  ledger.same("leaf_hashes", hashes.map(hex), poll.leaf_hashes);
  const points = {};
  for (const { note, size, root } of poll.checkpoints) {
    points[size] = await logs.openCheckpoint(note, log);
    ledger.same(`checkpoint ${size}`, points[size].root, root);
    await ledger.refused("a forged checkpoint", () =>
      logs.openCheckpoint(note.replace(`\n${size}\n`, `\n${size + 1}\n`), log));
  }
  for (const { from, to, proof } of poll.consistency) {
    const check = (nodes, a, b) => logs.verifyConsistency(from, to, nodes, a, b);
    const [a, b] = [points[from].root, points[to].root];
    ledger.same(`consistency ${from} ${to}`, await check(proof.map(unhex), a, b), true);
    ledger.same("consistency forged", await check(proof.map(unhex), b, a), false);
  }
  await exampleTiles(ledger, poll, manifest, hashes, points);
}

async function exampleTiles(ledger, poll, manifest, hashes, points) {
  const served = Object.entries(poll.tiles).map(([path, body]) => [path.slice(6), body]);
  const last = poll.checkpoints.at(-1);
  const reader = new LogReader("/", manifest.value.log, async (url) => {
    if (url === "/checkpoint") return new Response(last.note);
    const [, body] = served.find(([path]) => url === `/tile/${path}`) ?? [];
    if (!body) throw Object.assign(new Error(url), { status: 404 });
    return new Response(unhex(body));
  });
  for (const { note } of poll.checkpoints)
    ledger.same("grew", (await reader.checkpoint(note)).size, last.size);
  for (const [index, hash] of hashes.entries()) {
    const proof = logs.parseProof(await reader.prove(hash, points[last.size]));
    ledger.same("proved from tiles", proof.index, index);
  }
  ledger.same("not in the log", await reader.prove(manifest.hash, points[last.size]), null);
  const leaves = [];
  for await (const leaf of reader.entries(last.size)) leaves.push(leaf);
  ledger.same("entries", leaves, poll.leaves);
}

/** RFC 6962 proofs of another project, most of which must fail. */
export async function merkle(vectors) {
  const ledger = new Ledger();
  const bytes = (value) => ballots.unbase64(value ?? "");
  for (const v of vectors.inclusion) {
    const proof = (v.proof ?? []).map(bytes);
    const args = [bytes(v.leafHash), v.leafIdx, v.treeSize, proof, bytes(v.root)];
    ledger.same(`inclusion ${v.file}`, await logs.verifyInclusion(...args), !v.wantErr);
  }
  for (const v of vectors.consistency) {
    const args = [v.size1, v.size2, (v.proof ?? []).map(bytes), bytes(v.root1), bytes(v.root2)];
    ledger.same(`consistency ${v.file}`, await logs.verifyConsistency(...args), !v.wantErr);
  }
  return ledger;
}

/** Signed notes of other projects, and the two ways to check Ed25519 against each other. */
export async function notes(vectors) {
  const ledger = new Ledger();
  for (const { name, note, vkey } of vectors.notes) {
    const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
    ledger.same(name, await logs.openNote(note, vkey), text);
    await ledger.refused(`${name}, changed`, () => logs.openNote(`x${note}`, vkey));
    const { key } = await logs.parseKey(vkey);
    const signature = ballots.unbase64(note.trim().split(" ").at(-1)).slice(4);
    for (const verify of [verifyByHand, verifyEd25519]) {
      ledger.same(`${name} ${verify.name}`, await verify(key, utf8(text), signature), true);
      const turned = signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
      ledger.same(`${name} ${verify.name}`, await verify(key, utf8(text), turned), false);
      ledger.same(`${name} ${verify.name}`, await verify(key, utf8(`${text}x`), signature), false);
    }
  }
  for (const vkey of vectors.bad_vkeys)
    await ledger.refused(vkey, () => logs.parseKey(vkey));
  return ledger;
}

/** Paths of tiles and groups of proofs at their edges. */
export async function paths() {
  const ledger = new Ledger();
  ledger.same("tile", tilePath(0, 1234067, 256), "tile/0/x001/x234/067");
  ledger.same("partial", tilePath("entries", 5, 17), "tile/entries/005.p/17");
  const hash = unhex("abcdef".padEnd(64, "0"));
  const groups = { 255: "all", 4095: "all", 4096: "a", 65537: "ab", 1048575: "ab", 1048576: "abc" };
  for (const [size, group] of Object.entries(groups))
    ledger.same(size, proofGroup(hash, Number(size)), group);
  ledger.same("at most three", proofGroup(hash, 2 ** 40), "abc");
  return ledger;
}

/** Canonical JSON and base64url: one form each. */
export async function encodings() {
  const ledger = new Ledger();
  const value = { b: [1, null, true], "\xe9": "\u2028\n\"", a: { "\u{1f600}": -5, "\ufb33": "" } };
  const wanted = '{"a":{"\u{1f600}":-5,"\ufb33":""},"b":[1,null,true],"\xe9":"\u2028\\n\\""}';
  ledger.same("canonical", ballots.canonical(value), wanted);
  for (const bad of [1.5, NaN, 2 ** 53, undefined, "\ud800", { a: undefined }, () => 1])
    await ledger.refused(`canonical ${String(bad)}`, () => ballots.canonical(bad));
  for (const bad of ["QQ==", "QR", "Q", "Q+", "Q Q", "QQ\n"])
    await ledger.refused(`base64url ${bad}`, () => ballots.unbase64url(bad));
  ledger.same("base64url", ballots.base64url(ballots.unbase64url("_-8")), "_-8");
  return ledger;
}

/** Milliseconds a voter waits, medians of `rounds`: {derive_blind, finalize, sign}. */
export async function timings(vectors, rounds = 15) {
  const spent = {};
  for (const poll of vectors.polls) {
    const manifest = await readManifest(utf8(poll.manifest));
    const all = { derive_blind: [], finalize: [], sign: [] };
    for (let i = 0; i < rounds; i += 1) {
      const v = poll.voters[i % poll.voters.length];
      const start = performance.now();
      const keys = await ballots.voter(unhex(v.seed), manifest);
      await ballots.blind(manifest, keys.message, keys.salt, keys.r);
      const blinded = performance.now();
      const token = await ballots.finalize(manifest, keys.message, unhex(v.blind_sig), keys.r);
      const done = performance.now();
      await ballots.ballot("b", keys, token, manifest);
      all.derive_blind.push(blinded - start);
      all.finalize.push(done - blinded);
      all.sign.push(performance.now() - done);
    }
    const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
    spent[8 * manifest.k] = Object.fromEntries(
      Object.entries(all).map(([name, list]) => [name, Number(median(list).toFixed(1))]),
    );
  }
  return spent;
}
