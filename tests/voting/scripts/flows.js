/** A voter's way through a poll, whole and with everything that can go wrong on it. */

import { recoveryCode } from "../../../voting/static/voting/ballot.js";
import { refusalFrom } from "../../../voting/static/voting/requests.js";
import { Vote, stepOf } from "../../../voting/static/voting/vote.js";
import { FakeBox, POLL, refusal } from "./fakebox.js";

const minutes = (count) => 60_000 * count;

/** A store in memory that copies as IndexedDB does. */
class Shelf {
  votes = new Map();

  read = async (poll) => structuredClone(this.votes.get(poll));

  update = async (poll, change) => {
    const record = change(structuredClone(this.votes.get(poll)));
    if (record) this.votes.set(poll, structuredClone(record));
    else this.votes.delete(poll);
    return record;
  };
}

/** A device with a vote on it; `log` keeps what was shown, as "step" or "step trouble". */
function device(box, shelf = new Shelf(), { fetch = box.fetch, patience = 200 } = {}) {
  globalThis.fetch = fetch;
  const log = [];
  const sign = async (blinded) => {
    const response = await fetch(`http://booth.test/polls/${POLL}/pass`, { body: blinded });
    if (!response.ok) throw await refusalFrom(response);
    return new Uint8Array(await response.arrayBuffer());
  };
  const show = (step, vote, trouble) => {
    const line = trouble ? `${step} ${trouble.key ?? trouble.code ?? trouble.message}` : step;
    if (log.at(-1) !== line) log.push(line);
  };
  const wait = async (seconds) => {
    box.now += 1000 * seconds;
    patience -= 1;
    if (patience < 0) await new Promise(() => {});
    await new Promise((resolve) => setImmediate(resolve));
  };
  const base = `http://booth.test/booth/${POLL}/`;
  const manifestUrl = `http://booth.test/polls/${POLL}/manifest.json`;
  const clock = { now: () => box.now, wait };
  const vote = new Vote({ poll: POLL, base, manifestUrl, store: shelf, sign, show, ...clock });
  return { vote, log, shelf, box };
}

/** What a person would do next, until there is nothing left to do. */
async function voteFor(me, choice) {
  await me.vote.run();
  if (stepOf(me.vote.vote) === "start") await me.vote.start();
  if (stepOf(me.vote.vote) === "form") await me.vote.check(choice);
  if (stepOf(me.vote.vote) === "check") await me.vote.cast();
  return stepOf(me.vote.vote);
}

const summary = ({ vote, log, box }) => ({
  step: stepOf(vote.vote),
  log,
  choices: box.ballots().map((ballot) => ballot.choice),
  posts: box.posts,
  asked: box.asked,
  late: vote.vote?.late ?? false,
  missed: vote.vote?.missed ?? false,
});

export async function smooth() {
  const me = device(await FakeBox.open());
  await voteFor(me, "b");
  return summary(me);
}

/** Crash before and after every act on store and network; then go on with the same store. */
export async function crashes() {
  const outcomes = [];
  for (let at = 1; ; at += 1) {
    const [box, shelf] = [await FakeBox.open(), new Shelf()];
    let acts = 0;
    const crashing = (act) => async (...args) => {
      const moment = () => ((acts += 1), acts >= at ? new Promise(() => {}) : null);
      await moment();
      const outcome = await act(...args);
      await moment();
      return outcome;
    };
    const doomed = device(box, shelf, { fetch: crashing(box.fetch) });
    doomed.vote.store = { read: shelf.read, update: crashing(shelf.update) };
    const crashed = new Promise((resolve) => setTimeout(resolve, 150, "crashed"));
    const first = await Promise.race([voteFor(doomed, "b"), crashed]);
    const next = device(box, shelf);
    const step = await voteFor(next, "b");
    outcomes.push({ at, first, step, choices: box.ballots().map((ballot) => ballot.choice) });
    if (first === "logged") return outcomes;
  }
}

export async function busy() {
  const box = await FakeBox.open();
  let times = 0;
  box.fault = (path) => {
    if (!path.endsWith("/ballots")) return null;
    times += 1;
    if (times === 1) return refusal(503, "busy", { "Retry-After": "7" });
    return times === 2 ? "drop" : times === 3 ? "lose" : null;
  };
  const me = device(box);
  const start = box.now;
  await voteFor(me, "b");
  return { ...summary(me), waited: (box.now - start) / 1000 };
}

export async function refused() {
  const box = await FakeBox.open();
  let times = 0;
  box.fault = (path) =>
    path.endsWith("/ballots") && (times += 1) === 1 ? refusal(422, "choice") : null;
  const me = device(box);
  await voteFor(me, "b");
  const between = { ...me.vote.vote };
  await voteFor(me, "c");
  return { ...summary(me), kept: between.leaf ?? null, choice: between.choice };
}

/** Two devices with one seed: the second has to find out what the first has cast. */
export async function twoDevices() {
  const box = await FakeBox.open();
  const [first, stranger] = [device(box), device(box)];
  await first.vote.start();
  await stranger.vote.start();
  const code = await recoveryCode(first.vote.vote.seed);
  await stranger.vote.restore(code);
  const restored = stepOf(stranger.vote.vote);
  await first.vote.check("a");
  await first.vote.cast();
  await stranger.vote.check("b");
  await stranger.vote.cast();
  const third = device(box);
  await third.vote.restore(code);
  return {
    ...summary(stranger),
    restored,
    adopted: stranger.vote.vote.choice,
    third: [stepOf(third.vote.vote), third.vote.vote.choice],
  };
}

/** A seed that may hold a pass is never replaced by a recovery code. */
export async function keepsItsSeed() {
  const box = await FakeBox.open();
  const other = device(await FakeBox.open());
  await other.vote.start();
  const me = device(box);
  await me.vote.start();
  const before = await recoveryCode(me.vote.vote.seed);
  await me.vote.restore(await recoveryCode(other.vote.vote.seed));
  return before === (await recoveryCode(me.vote.vote.seed));
}

/** Another manifest than the log's, or a log that lies: no pass is asked for. */
export async function manyFaces() {
  const outcomes = {};
  const attempt = async (name, spoil) => {
    const box = await FakeBox.open();
    await spoil(box);
    const me = device(box);
    await voteFor(me, "b");
    outcomes[name] = [me.log.at(-1), box.asked];
  };
  await attempt("another manifest", (box) => (box.shown = box.manifest.replace("Which", "What")));
  const elsewhere = `"poll":"${POLL.replace("b", "c")}"`;
  await attempt("another poll", (box) => {
    box.shown = box.manifest.replace(`"poll":"${POLL}"`, elsewhere);
  });
  await attempt("not canonical", (box) => (box.shown = ` ${box.manifest}`));
  await attempt("a forged checkpoint", (box) => {
    const { checkpoint } = box;
    box.checkpoint = async () => (await checkpoint.call(box)).replace("\n1\n", "\n2\n");
  });
  const sealed = await FakeBox.open({ results: "sealed" });
  await attempt("sealed", (box) => {
    [box.leaves, box.shown] = [sealed.leaves, sealed.manifest];
  });
  return outcomes;
}

export async function forked() {
  const box = await FakeBox.open();
  const me = device(box);
  await me.vote.start();
  await me.vote.check("b");
  box.leaves = [box.manifest.replace("bench", "trees"), '{"type":"note"}'];
  await me.vote.cast();
  return { ...summary(me), notes: me.vote.vote.forked.length };
}

export async function late() {
  const box = await FakeBox.open();
  box.promiseDelay = 900;
  const me = device(box);
  await voteFor(me, "b");
  return summary(me);
}

/** The box promises and does not publish, until long after. */
export async function missed() {
  const box = await FakeBox.open();
  box.merging = false;
  const start = box.now;
  const me = device(box);
  const { show } = me.vote;
  let promised = "";
  me.vote.show = (step, vote, trouble) => {
    if (vote?.missed && !promised) promised = vote.promise.by;
    if (box.now > start + minutes(10)) box.merging = true;
    show(step, vote, trouble);
  };
  await voteFor(me, "b");
  return { ...summary(me), sameBy: promised === me.vote.vote.promise.by };
}

export async function lost() {
  const box = await FakeBox.open();
  const me = device(box);
  const { show } = me.vote;
  box.merging = false;
  me.vote.show = (step, vote, trouble) => {
    if (step === "promised" && !box.closed) {
      box.intake.clear();
      box.closed = true;
      box.leaves.push('{"type":"close"}');
    }
    show(step, vote, trouble);
  };
  await voteFor(me, "b");
  return { ...summary(me), over: me.vote.vote.over };
}

export async function tooLate() {
  const box = await FakeBox.open();
  const me = device(box);
  await me.vote.start();
  await me.vote.check("b");
  box.closed = true;
  let looks = 0;
  const { checkpoint } = box;
  box.checkpoint = () => {
    if ((looks += 1) === 3) box.leaves.push('{"type":"close"}');
    return checkpoint.call(box);
  };
  await me.vote.cast();
  return { ...summary(me), over: me.vote.vote.over };
}

/** The ballot arrived, its promise was lost, the poll closed: the log decides. */
export async function lostAnswerAtClose() {
  const box = await FakeBox.open();
  box.merging = false;
  let times = 0;
  box.fault = (path) => {
    if (!path.endsWith("/ballots") || (times += 1) > 1) return null;
    return "lose";
  };
  const me = device(box);
  const { show } = me.vote;
  me.vote.show = (step, vote, trouble) => {
    if (trouble?.key === "unreachable") {
      box.merge();
      box.closed = true;
    }
    show(step, vote, trouble);
  };
  await voteFor(me, "b");
  return summary(me);
}

export async function badPromise() {
  const box = await FakeBox.open();
  const { generateKeyPairSync } = await import("node:crypto");
  box.promiseKey = generateKeyPairSync("ed25519").privateKey;
  box.merging = false;
  const me = device(box);
  await voteFor(me, "b");
  const alarm = me.log.at(-1);
  box.merging = true;
  await me.vote.run();
  return { ...summary(me), alarm };
}

/** Two tabs of one browser at once: one seed, one pass, one ballot, whichever comes first. */
export async function twoTabs() {
  const [box, shelf] = [await FakeBox.open(), new Shelf()];
  const [left, right] = [device(box, shelf), device(box, shelf)];
  const both = (act) => Promise.all([act(left.vote, "a"), act(right.vote, "b")]);
  await both((vote) => vote.run());
  await both((vote) => vote.start());
  await both((vote, choice) => vote.check(choice));
  await both((vote) => vote.cast());
  await both((vote) => vote.run());
  const steps = [left, right].map(({ vote }) => stepOf(vote.vote));
  return { ...summary(left), steps, same: left.vote.vote.leaf === right.vote.vote.leaf };
}

/** A vote set aside while it is being followed does not come back into the next one. */
export async function setAside() {
  const box = await FakeBox.open();
  const shelf = new Shelf();
  box.merging = false;
  const me = device(box, shelf);
  const { show } = me.vote;
  let done = null;
  me.vote.show = (step, vote, trouble) => {
    if (step === "promised" && trouble && !done) done = me.vote.aside();
    show(step, vote, trouble);
  };
  await voteFor(me, "b");
  await done;
  await me.vote.run();
  const kept = [...shelf.votes.values()].map((vote) => stepOf(vote));
  return { step: stepOf(me.vote.vote), kept, left: me.vote.vote ?? null, last: me.log.at(-1) };
}
