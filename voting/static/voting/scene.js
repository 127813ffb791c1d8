/**
 * What stands on the booth's page: which section, which sentences, which marks.
 * It decides nothing about a vote; it only shows one (see vote.js for the steps).
 */

import { hex, leafHash, utf8 } from "./ballot.js";
import { ballotPaper, inWords } from "./form.js";
import { readManifest } from "./manifest.js";
import { Later, Refused } from "./requests.js";
import { canSay, out, part, say, when } from "./words.js";

const SOON_MS = 10 * 60_000; // casting so soon after collecting, times alone may tell who it was
const LONG_MS = 60 * 60_000; // and there must be time left to vote later

/** The page's section for a step, given what the page around says and what is wrong. */
export function viewOf(step, vote, trouble, around) {
  if (step === "start" && around.pass === null) return "loading";
  if (step === "start" && around.pass !== "none")
    return around.pass === "closed" ? "closed" : "refused";
  if (vote?.token && around.pass === "none" && !around.own) return "other";
  if (["preparing", "asking", "searching"].includes(step))
    return trouble instanceof Refused ? "refused" : "collecting";
  if (step === "form" || step === "check") {
    if (around.phase === "announced") return "waiting";
    return ["", "open", "closing"].includes(around.phase) ? step : "closed";
  }
  return { promised: "receipt", logged: "receipt", over: "closed" }[step] ?? step;
}

/** What of a vote takes time to work out, so that a page then changes in one go. */
async function factsOf(vote) {
  const manifest = vote?.manifest && (await readManifest(utf8(vote.manifest)));
  return { manifest, code: vote?.leaf && hex(await leafHash(vote.leaf)) };
}

export class Scene {
  view = "";
  paper = null;
  pressed = false; // whether a person, not the clock, brings the next view
  #turn = 0;

  constructor(root) {
    this.root = root;
  }

  /** Whether another section is on show now; null if something newer came in between. */
  async show(step, vote, trouble, around) {
    const turn = (this.#turn += 1);
    const { manifest, code } = await factsOf(vote);
    if (turn !== this.#turn) return null;
    const before = this.view;
    this.view = viewOf(step, vote, trouble, around);
    this.root.dataset.view = this.view;
    for (const section of this.root.querySelectorAll("[data-step]"))
      section.hidden = !section.dataset.step.split(" ").includes(this.view);
    this.#troubles(step, vote, trouble, around);
    if (manifest) this.#poll(manifest, vote, before);
    if (this.view === "receipt") this.#receipt(code, vote, around);
    return this.view !== before;
  }

  /** Put the focus on the section's heading, if a person brought us here and has not gone on. */
  focus() {
    const heading = this.root.querySelector(`[data-step~="${this.view}"] [data-focus]`);
    if (!heading || !this.pressed) return; // sections one only passes through have none
    this.pressed = false;
    if (!heading.closest("[data-step]").contains(document.activeElement)) heading.focus();
  }

  #troubles(step, vote, trouble, around) {
    const { root } = this;
    const waits = trouble instanceof Later && trouble.key !== "promised";
    out(root, "trouble", waits ? say(`later-${trouble.key}`) : "");
    const alarm = alarmOf(vote, trouble);
    out(root, "alarm", alarm && say(canSay(alarm) ? alarm : "alarm-broken"));
    out(root, "reason", trouble && alarm && !canSay(alarm) ? trouble.message : "");
    part(root, "again", Boolean(trouble && !(trouble instanceof Later)));
    const refused = trouble instanceof Refused;
    const { sentence, next, code = around.pass } = refused ? trouble : around;
    const words = sentence || say(canSay(`refused-${code}`) ? `refused-${code}` : "refused");
    out(root, "refusal", this.view === "refused" || refused ? words : "");
    for (const link of root.querySelectorAll("a[data-next]")) showLink(link, next, around);
    part(root, "restore", step === "start" || trouble?.code === "pass-taken");
  }

  #poll(manifest, vote, before) {
    const { value } = manifest;
    out(this.root, "manifest", hex(manifest.hash).match(/.{4}/g).join(" "));
    out(this.root, "opens", when(value.open));
    out(this.root, "closes", when(value.close));
    this.paper ??= ballotPaper(this.root.querySelector("form[data-ballot]"), value);
    if (this.view === "form" && before !== "form" && vote.choice !== undefined)
      this.paper.fill(vote.choice);
    const [now, close] = [Date.now(), Date.parse(value.close)];
    part(this.root, "soon", now - vote.collected < SOON_MS && close - now > LONG_MS);
    if (vote.choice !== undefined) this.#choice(inWords(vote.choice, value));
  }

  #choice(lines) {
    part(this.root, "blank", lines.length === 0);
    const item = (line) => Object.assign(document.createElement("li"), { textContent: line });
    for (const list of this.root.querySelectorAll("[data-list=choice]")) {
      list.hidden = lines.length === 0;
      list.replaceChildren(...lines.map(item));
    }
  }

  #receipt(code, vote, around) {
    out(this.root, "code", code.slice(0, 24).match(/.{4}/g).join(" "));
    out(this.root, "by", vote.promise ? when(vote.promise.by) : "");
    part(this.root, "late", Boolean(vote.late) && !vote.proof);
    part(this.root, "found", Boolean(vote.found));
    part(this.root, "finished", Boolean(vote.proof));
    const marks = { promised: true, logged: Boolean(vote.proof) };
    marks.counted = marks.logged && around.phase === "decided";
    const now = Object.keys(marks).find((name) => !marks[name]);
    for (const mark of this.root.querySelectorAll("[data-mark]")) {
      mark.classList.toggle("done", marks[mark.dataset.mark]);
      mark.classList.toggle("now", mark.dataset.mark === now);
    }
  }
}

/** The key of the alarm that a vote or a trouble calls for; empty if all is well. */
function alarmOf(vote, trouble) {
  if (trouble && !(trouble instanceof Later) && !(trouble instanceof Refused))
    return `alarm-${trouble.key ?? "broken"}`;
  if (vote?.forked) return "alarm-forked";
  if (vote?.over === "lost") return "alarm-lost";
  return vote?.missed ? "alarm-missed" : "";
}

/** A way on, but only to the town's own pages. */
function showLink(link, next, { origin }) {
  const url = next ? new URL(next, origin) : null;
  link.hidden = url?.origin !== origin;
  if (!link.hidden) link.href = url.href; // opens in the page around: target="_top"
}
