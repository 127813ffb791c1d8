/**
 * The voting booth: the frame in which a ballot is filled in, signed and followed into the log.
 * It asks the poll's page for one thing only, a blind signature; what is chosen, and which ballot
 * in the log is ours, leaves this frame only as the ballot that is cast.
 */

import { recoveryCode } from "./ballot.js";
import { Bridge } from "./bridge.js";
import { Unready } from "./form.js";
import { lodge } from "./lodging.js";
import { Scene } from "./scene.js";
import { openStore } from "./store.js";
import { Vote } from "./vote.js";
import { canSay, download, out, part, say } from "./words.js";

const root = document.getElementById("booth");
const { poll, manifest, parent: parentOrigin } = root.dataset;
const scene = new Scene(root);
const bridge = new Bridge(parentOrigin, hear);
let around = { pass: null, phase: "", origin: parentOrigin, own: false };
let vote = null;
let latest = null; // what was shown last: [step, vote, trouble]

async function show(...now) {
  latest = now;
  const changed = await scene.show(...now, around).catch(failed);
  if (changed === null) return;
  const [step, kept] = now;
  const height = document.body.offsetHeight;
  const state = { view: scene.view, height, logged: step === "logged", cast: Boolean(kept?.leaf) };
  if (changed) settle(bridge.ask("state", state));
  else bridge.tell("state", state);
}

/** Nothing can be pressed by mistake while the page around makes room for another section. */
async function settle(room) {
  root.style.pointerEvents = "none";
  await Promise.race([room.catch(() => null), new Promise((late) => setTimeout(late, 2_000))]);
  scene.focus();
  setTimeout(() => (root.style.pointerEvents = ""), 50);
}

let met = () => {};
const meeting = new Promise((resolve) => (met = resolve)); // the page around has spoken

function hear({ pass, phase, sentence, next }) {
  around = { ...around, pass, phase, sentence, next };
  met();
  if (latest) show(...latest);
  vote?.wake();
}

const sign = async (blinded) => {
  const signature = await bridge.sign(blinded);
  around.pass = "taken";
  return signature;
};

/** What the buttons do; each is named by `data-act`. */
const acts = {
  collect: () => vote.start(),
  restore: () => {
    const wrong = () => out(root, "code-problem", say("bad-code"));
    return vote.restore(root.querySelector("[data-in=code]").value).catch(wrong);
  },
  change: () => vote.change(),
  cast: () => vote.cast(),
  again: () => vote.run(),
  mine: () => {
    around.own = true;
    return vote.run();
  },
  aside: () => vote.aside(),
  forget: () => vote.forget(),
  print: () => window.print(),
  recovery: async () => out(root, "recovery", await recoveryCode(vote.vote.seed)),
  "save-recovery": async () => {
    const code = await recoveryCode(vote.vote.seed);
    download(`recovery-code-${poll}.txt`, "text/plain", `${code}\n`);
  },
  download: () => {
    const { leaf, promise = null, proof = null } = vote.vote;
    const receipt = JSON.stringify({ leaf, promise, proof }, null, 1);
    download(`receipt-${poll}.json`, "application/json", `${receipt}\n`);
  },
};

const failed = (error) => out(root, "alarm", say(canSay(error.key) ? error.key : "alarm-broken"));

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  scene.pressed = true;
  Promise.resolve(acts[button.dataset.act]?.()).catch(failed);
});

root.addEventListener("submit", (event) => {
  event.preventDefault(); // a ballot never leaves by the form itself
  scene.pressed = true;
  if (!event.target.matches("form[data-ballot]")) return void acts.restore();
  out(root, "problem");
  try {
    vote.check(scene.paper.read()).catch(failed);
  } catch (error) {
    if (!(error instanceof Unready)) throw error;
    out(root, "problem", say(error.key, error.values));
    root.querySelector("[data-out=problem]").focus();
  }
});

root.addEventListener("change", () => out(root, "problem")); // an answer to it, perhaps
const measure = () => bridge.tell("height", { height: document.body.offsetHeight });
new ResizeObserver(measure).observe(document.body);
window.addEventListener("online", () => vote?.wake());
document.addEventListener("visibilitychange", () => document.hidden || vote?.run());

async function begin() {
  if (!globalThis.crypto?.subtle) return out(root, "alarm", say("alarm-insecure"));
  greet(8);
  const store = (await openStore().catch(() => null)) ?? (await lodgedStore());
  if (!store) return out(root, "alarm", say("alarm-no-store"));
  const base = new URL("./", window.location.href).href;
  vote = new Vote({ poll, base, manifestUrl: manifest, store, sign, show });
  await vote.run();
}

/** The page around keeps our vote where we may not; null where it cannot either. */
async function lodgedStore() {
  if (window.origin === "null") return null; // a sandbox: somebody wants us without storage
  await meeting;
  const ask = async (op, fields) => (await bridge.ask("keep", { op, ...fields })).kept;
  const works = ask("read", { key: poll }).then((kept) => kept !== undefined);
  part(root, "lodged", true);
  return (await works.catch(() => false)) ? lodge(ask) : null;
}

/** Say that we are ready until the page answers; if it never does, go on as if all were well. */
function greet(times) {
  if (around.pass !== null) return;
  if (times === 0) return hear({ ...around, pass: "none" });
  bridge.tell("ready");
  setTimeout(greet, 500, times - 1);
}

begin().catch(failed);
