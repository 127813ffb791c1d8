/**
 * One person's way through one poll, from a seed to a proof that the ballot is in the log.
 * Each step is kept on this device before anything is sent, so a crash, a reload or a second tab
 * goes on where it was. There is no page in here: booth.js shows what this does.
 */

import { ballot, base64url, blind, finalize, seedFromCode, text, utf8, voter } from "./ballot.js";
import { Alarm, Box, meet } from "./box.js";
import { readManifest } from "./manifest.js";
import { Later, Refused, patience } from "./requests.js";
import { Forked } from "./tiles.js";

/** Where a kept vote stands. The names are what booth.js shows and what `run` goes by. */
export function stepOf(vote) {
  if (!vote?.seed) return "start";
  if (vote.proof) return "logged";
  if (vote.over) return "over";
  if (vote.promise) return "promised";
  if (vote.leaf) return "sending";
  if (vote.token && vote.restored) return "searching";
  if (vote.token) return vote.checked ? "check" : "form";
  return vote.blinded ? "asking" : "preparing";
}

const SOON = 15; // seconds

/** Another tab, or a person, has put another vote in the place of ours: begin with that one. */
class Changed extends Error {}

export class Vote {
  wake = () => {}; // try now what waits for a later try
  #running = false;
  #again = false;
  #own = {};
  #taken = false; // the pass went to another seed

  /**
   * `base` is the ballot box's address, `sign(blinded)` gets the issuer's signature from the page
   * around, `show(step, vote, trouble)` is told of everything. `now` and `wait` are the clock.
   */
  constructor({ poll, base, manifestUrl, store, sign, show, now = Date.now, wait }) {
    const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    Object.assign(this, { poll, base, manifestUrl, store, sign, show, now, wait: wait ?? sleep });
  }

  // ---- what a person does ----

  /** Make a seed, unless this device has one, and go for a pass. */
  start() {
    const seed = globalThis.crypto.getRandomValues(new Uint8Array(32));
    return this.#act((old) => (old.seed ? {} : { seed }));
  }

  /** Go on with a seed from another device. A seed that may hold a pass is never replaced. */
  async restore(code) {
    const seed = await seedFromCode(code);
    const lost = (old) => !old.token && (!old.blinded || this.#taken);
    return this.#act((old) => (lost(old) ? { seed, restored: true, blinded: undefined } : {}));
  }

  /** Keep a choice to read back; nothing is sent. */
  check(choice) {
    return this.#act((old) => (old.leaf ? {} : { choice, checked: true }));
  }

  change() {
    return this.#act((old) => (old.leaf ? {} : { checked: false }));
  }

  /** Sign the checked choice. From here on only these bytes may be cast. */
  async cast() {
    const { choice, token } = this.vote;
    const { keys, box } = await this.#open();
    const leaf = await ballot(choice, keys, token, box.manifest);
    return this.#act((old) => (old.leaf || !old.checked ? {} : { leaf, choice }));
  }

  /** Set somebody else's vote aside, so that another person can vote on this device. */
  async aside() {
    const vote = await this.store.read(this.poll);
    await this.store.update(`${this.poll} ${base64url(vote.seed.slice(0, 6))}`, () => vote);
    return this.forget();
  }

  async forget() {
    await this.store.update(this.poll, () => null);
    return this.run();
  }

  // ---- what goes by itself ----

  /** Do whatever is next until a person is needed, or an end or an alarm is reached. */
  async run() {
    this.#again = true; // a round under way may have read what has just been changed
    if (this.#running) return this.wake();
    this.#running = true;
    try {
      for (; this.#again; await this.#goOn()) this.#again = false;
    } finally {
      this.#running = false;
    }
  }

  async #goOn() {
    const steps = {
      preparing: () => this.#prepare(),
      asking: () => this.#ask(),
      searching: () => this.#search(),
      sending: () => this.#send(),
      promised: () => this.#follow(),
    };
    for (let tries = 0, step, trouble = null; ; tries += 1) {
      this.vote = await this.store.read(this.poll);
      if (step !== stepOf(this.vote)) tries = 0;
      if (tries === 0 && trouble instanceof Later) trouble = null;
      step = stepOf(this.vote);
      this.show(step, this.vote, trouble);
      const woken = new Promise((wake) => (this.wake = wake));
      if (trouble instanceof Later)
        await Promise.race([this.wait(patience(trouble, tries - 1)), woken]);
      else if (trouble) return;
      if (!steps[step]) return;
      trouble = await steps[step]().then(() => null, (error) => error);
      if (trouble instanceof Changed) trouble = null;
      if (!(trouble instanceof Forked)) continue;
      await this.#keep({ forked: trouble.notes });
      trouble = new Alarm("forked");
    }
  }

  async #prepare() {
    const { manifest, note } = await meet(this.manifestUrl, this.base, this.poll);
    const keys = await voter(this.vote.seed, manifest);
    const blinded = await blind(manifest, keys.message, keys.salt, keys.r);
    await this.#keep({ manifest: text(manifest.bytes), checkpoint: note, blinded });
  }

  async #ask() {
    const { keys, box } = await this.#open();
    const signed = await this.sign(this.vote.blinded).catch((error) => {
      this.#taken = error.code === "pass-taken";
      throw error;
    });
    const token = await finalize(box.manifest, keys.message, signed, keys.r).catch(() => {
      throw new Alarm("pass");
    });
    await this.#keep({ token, collected: this.now() });
  }

  /** A restored seed may have voted before. */
  async #search() {
    if (!(await this.#adopt())) await this.#keep({ restored: false });
  }

  async #send() {
    const { leaf } = this.vote;
    await this.#post().catch(async (error) => {
      if (error.code === "closed") return this.#closed();
      if (error.code === "not-open") throw new Later("not-open", SOON);
      if (error.code === "key-used" && (await this.#adopt())) return;
      if (error.code === "key-used") throw new Later("key-used", SOON);
      if (error instanceof Alarm && (await this.#look())) return;
      // The box kept nothing, so neither do we: the same pass may carry another choice.
      if (error.status === 422 || error.status === 413)
        await this.#keep((old) => (old.leaf === leaf ? { leaf: undefined, checked: false } : {}));
      throw error;
    });
  }

  async #follow() {
    const { box } = await this.#open();
    const odd = (error) => Promise.reject(isKnown(error) ? error : new Later("odd", SOON));
    if (await this.#look().catch(odd)) return;
    if (this.now() > Date.parse(this.vote.promise.by)) await this.#missed();
    if (stepOf(this.vote) === "promised")
      throw new Later(this.vote.missed ? "missed" : "promised", box.manifest.value.batch.every_s);
  }

  /** The time promised has passed: keep that, and hand in the same bytes again. */
  async #missed() {
    await this.#keep({ missed: true });
    await this.#post().catch((error) => {
      if (error.code === "closed") return this.#closed();
      if (!(error instanceof Refused)) throw error;
    });
  }

  async #post() {
    const { box } = await this.#open();
    const { promise, late } = await box.post(this.vote.leaf, this.now());
    // A repeat may promise a later time; what was promised first counts.
    await this.#keep((old) => (old.promise?.by <= promise.by ? {} : { promise, late }));
  }

  /** True once the log proves that it holds our ballot. */
  async #look() {
    const { box } = await this.#open();
    const { checkpoint, proof } = await box.look(this.vote.leaf, this.vote.checkpoint);
    if (checkpoint !== this.vote.checkpoint) await this.#keep({ checkpoint });
    if (proof) await this.#keep({ proof, missed: false });
    return Boolean(proof);
  }

  /** Take a ballot that our own key has cast elsewhere for ours. */
  async #adopt() {
    const { box, keys } = await this.#open();
    const leaf = await box.find(keys.key, this.vote.checkpoint);
    if (leaf) await this.#keep({ leaf, choice: JSON.parse(leaf).choice, found: true });
    return leaf && this.#look();
  }

  /** The box is shut: our ballot is in the log, or the last batch is to come, or it is not in. */
  async #closed() {
    if (await this.#look()) return;
    const { box } = await this.#open();
    if (!(await box.isClosed(this.vote.checkpoint))) throw new Later("closing", SOON);
    await this.#keep((old) => ({ over: old.promise ? "lost" : "closed" }));
  }

  // ---- memory ----

  /** The ballot box and our keys for it, from what is kept. */
  async #open() {
    const { seed, manifest } = this.vote;
    if (this.#own.seed && same(this.#own.seed, seed)) return this.#own;
    const box = new Box(this.base, await readManifest(utf8(manifest)));
    this.#own = { seed, box, keys: await voter(seed, box.manifest) };
    return this.#own;
  }

  async #act(change) {
    await this.#keep(change).catch((error) => error instanceof Changed || Promise.reject(error));
    return this.run();
  }

  /** Change what is kept, unless it is no longer the vote that we think of. */
  async #keep(change) {
    const fields = typeof change === "function" ? change : () => change;
    const seed = this.vote?.seed;
    let ours;
    this.vote = await this.store.update(this.poll, (old) => {
      ours = seed ? same(seed, old?.seed) : !old?.seed;
      return ours ? { ...old, ...fields(old ?? {}) } : old;
    });
    if (!ours) throw new Changed();
  }
}

const same = (a, b) => Boolean(a && b) && base64url(a) === base64url(b);
const isKnown = (error) => [Later, Refused, Alarm, Forked].some((kind) => error instanceof kind);
