/**
 * One live thing as the page shows it: numbers, lengths and notices, found by data attributes.
 * It never replaces a form, never re-sorts a list, and knows nothing of how news arrive.
 *
 * data-live="ballots|passes|size|percent|…"  a number of the gauge, written for the reader
 * data-live-number, data-live-bar="<option>"  an option's total, and the rect that draws it
 * data-live="changed" or "poll.closed"        a hidden line, shown when something happens
 * data-live-fragment with an id               fetched afresh then, unless it holds a form
 * data-more-text="{ballots} …, {more} more"   what the status region says of a new number
 */

const SENTENCE_MS = 5_000; // the status region says at most one sentence in that time

const language = document.documentElement.lang || undefined;
const written = new Intl.NumberFormat(language);
const put = (place, text) => place.textContent !== text && (place.textContent = text);
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

/** Where it is shown, up to which fact, and which reading of each gauge. */
export class Topic {
  constructor(name) {
    this.name = name;
    this.roots = [...document.querySelectorAll(`[data-topic="${CSS.escape(name)}"]`)];
    const attribute = (key) => this.roots.find((root) => key in root.dataset)?.dataset[key];
    this.at = attribute("since") === undefined ? null : Number(attribute("since"));
    this.versions = { tally: Number(attribute("version") ?? -1) };
    this.url = attribute("pollUrl");
    this.phase = attribute("pollPhase");
    this.said = null;
  }

  get place() {
    return this.at === null ? this.name : `${this.name}:${this.at}`;
  }

  all(selector) {
    return this.roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  }

  gauge(name, version, data) {
    if (version < (this.versions[name] ?? -1)) return;
    this.versions[name] = version;
    const share = data.roll ? Math.floor((100 * data.ballots) / data.roll) : null;
    this.turnout(share);
    for (const [field, value] of Object.entries({ ...data, size: version, percent: share })) {
      if (typeof value !== "number") continue;
      for (const place of this.all(`[data-live="${field}"]`)) put(place, written.format(value));
    }
    if (data.totals) this.totals(data.totals, data.ballots);
    if (name === "tally") this.sumUp(data.ballots);
  }

  totals(totals, ballots) {
    const most = Math.max(0, ...Object.values(totals));
    const whole = Math.max(most, ballots, 1);
    for (const [option, total] of Object.entries(totals)) {
      const key = CSS.escape(option);
      const number = written.format(total);
      for (const place of this.all(`[data-live-number="${key}"]`)) put(place, number);
      for (const bar of this.all(`[data-live-bar="${key}"]`)) {
        bar.setAttribute("width", `${Math.round((10_000 * total) / whole) / 100}%`);
        bar.ownerSVGElement.classList.toggle("bar--lead", total > 0 && total === most);
      }
    }
  }

  /** The dot field, twenty by five, filled by columns; its name holds the same number. */
  turnout(share) {
    const before = this.all('[data-live="percent"]')[0]?.textContent.trim();
    if (share === null || before === undefined || before === written.format(share)) return;
    const number = RegExp(`(?<!\\d)${before}(?!\\d)`);
    const row = (y, count) => (count ? `M.5 ${y}.5h${count - 1}.01` : "");
    const rows = [0, 1, 2, 3, 4].map((y) => row(y, Math.floor(share / 5) + (y < share % 5)));
    for (const gauge of this.all(".gauge")) {
      const name = gauge.getAttribute("aria-label")?.replace(number, written.format(share));
      if (name) gauge.setAttribute("aria-label", name);
      gauge.querySelector(".on")?.setAttribute("d", rows.join(""));
    }
  }

  sumUp(ballots) {
    const text = this.all("[data-more-text]")[0]?.dataset.moreText;
    const more = ballots - (this.said ??= ballots);
    if (!text || more <= 0) return;
    const sentence = fill(text, { ballots: written.format(ballots), more: written.format(more) });
    say(sentence, () => (this.said = ballots));
  }

  /** Something happened: a line that links to the page as it is now, and fresh fragments. */
  changed(kind, data = {}) {
    const lines = this.all(`[data-live="${CSS.escape(kind)}"]`);
    const shown = lines.length ? lines : this.all('[data-live="changed"]');
    for (const line of this.all("[data-live][data-shown]")) line.hidden = true;
    for (const line of shown) [line.hidden, line.dataset.shown] = [false, ""];
    if (shown.length) say(shown[0].textContent.trim(), null, true);
    const detail = { topic: this.name, kind, data };
    this.roots[0].dispatchEvent(new CustomEvent("fact", { bubbles: true, detail }));
    if (this.all("[data-live-fragment][id]").length) this.refresh();
  }

  /** The tally by an ordinary request; whether there was an answer. */
  async fetch() {
    if (!this.url) return false;
    const answer = await fetch(this.url, { cache: "no-cache" });
    if ([403, 404, 410].includes(answer.status)) this.url = null;
    if (!answer.ok) return false;
    const { state: phase, version, ...data } = await answer.json();
    this.gauge("tally", version, data);
    if (this.phase && phase && phase !== this.phase) this.changed("changed");
    if (this.phase) this.phase = phase;
    return true;
  }

  async refresh() {
    const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of this.all("[data-live-fragment][id]")) {
      const busy = old.querySelector("form, iframe") || old.contains(document.activeElement);
      const place = fresh.getElementById(old.id);
      if (!busy && place) old.replaceWith(place);
    }
  }
}

// ---- what is said aloud, in the page's one status region ----
const status = document.getElementById("status");
let spokenAt = 0;
let typedAt = 0;
let waiting = null;
document.addEventListener("keydown", () => (typedAt = Date.now()));

/** Say a sentence in the status region soon, unless a later one takes its place; urgent: now. */
export function say(sentence, said = null, urgent = false) {
  waiting = urgent || !waiting?.urgent ? { sentence, said, urgent } : waiting;
  speak();
}

export function speak() {
  const now = Date.now();
  const quiet = now - spokenAt >= SENTENCE_MS && now - typedAt >= SENTENCE_MS;
  if (!waiting || !status || !(quiet || waiting.urgent)) return;
  status.textContent = waiting.sentence;
  waiting.said?.();
  [waiting, spokenAt] = [null, now];
}
