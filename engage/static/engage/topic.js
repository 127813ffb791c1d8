/**
 * One live thing as the page shows it: numbers, lengths, who is here, notices. They are found by
 * their data attributes each time anew, since parts of a page come and go. Deliberately absent: how
 * news arrive (live.js), and what html may take the place of (parts.js).
 *
 * data-live="ballots|passes|size|percent|…"  a number of the gauge, written for the reader
 * data-live-number, data-live-bar="<option>"  an option's total, and the rect that draws it
 * data-live-here                              how many people are here; shown while that is known
 * data-live-writing                           shown for a while after somebody wrote something
 * data-live="changed" or "poll.closed"        a hidden line, shown when something happens
 * data-live-fragment with an id               fetched afresh when a fact brings no html of its own;
 *                                             never brought by one if its value is "own"
 * data-more-text="{ballots} …, {more} more"   what the status region says of a new number
 */

import { release, settle, trim } from "./parts.js";
import { fill, inNumber, put, say, typedWithin, written } from "./saying.js";

const PATIENCE_MS = 15_000; // with a request
const WRITING_MS = 8_000; // forums/pages/live.py
const SPREAD_S = 5; // thousands hear a fact at once, and do not fetch in the same second
const REST_S = 15; // … nor soon again, where the town could not give it to them

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

/** What is behind an address, or null. One that hangs is given up; the next may get through. */
export async function load(address, how = {}) {
  try {
    const answer = await fetch(address, { ...how, signal: AbortSignal.timeout?.(PATIENCE_MS) });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** Where it is shown, up to which fact, and which reading of each gauge. */
export class Topic {
  constructor(name) {
    this.name = name;
    const since = this.attribute("since");
    this.at = since === undefined ? null : Number(since); // we hold every fact up to this one
    this.newest = this.at ?? 0; // … and know that there are so many
    this.marked = false; // told on this connection that this is all
    this.missedFrom = null;
    this.versions = { tally: Number(this.attribute("version") ?? -1) };
    this.readings = {};
    this.said = null;
    this.left = new Map(); // fresh elements whose place is in use, by their ids
    [this.changes, this.fetched, this.fetching] = [0, 0, false];
    this.rest = SPREAD_S * Math.random(); // so many beats before what is stale is fetched
  }

  /** A new connection: nothing is complete until it says so. */
  begin() {
    [this.marked, this.missedFrom] = [false, null];
    return this.place;
  }

  get place() {
    return this.at === null ? this.name : `${this.name}:${this.at}`;
  }

  get complete() {
    return this.marked && this.at >= this.newest && !this.stale;
  }

  get stale() {
    return this.fetched < this.changes;
  }

  get roots() {
    return this.within(document);
  }

  within(page) {
    return [...page.querySelectorAll(`[data-topic="${CSS.escape(this.name)}"]`)];
  }

  attribute(key) {
    return this.roots.find((root) => key in root.dataset)?.dataset[key];
  }

  all(selector) {
    return new Set(this.roots.flatMap((root) => [...root.querySelectorAll(selector)]));
  }

  first(selector) {
    return this.all(selector).values().next().value;
  }

  // ---- Gauges: the newest reading wins ----

  gauge(name, version, data) {
    if (version < (this.versions[name] ?? -1)) return;
    this.versions[name] = version;
    if (name === "writing") return this.writing(data);
    this.readings[name] = data;
    this.draw(name);
    if (name === "tally") this.sumUp(data.ballots);
  }

  draw(name) {
    const data = this.readings[name];
    if (name === "presence") return this.here(data);
    const share = data.roll ? Math.floor((100 * data.ballots) / data.roll) : null;
    this.turnout(share);
    const log = name === "tally" ? { size: this.versions.tally, percent: share } : {};
    for (const [field, value] of Object.entries({ ...data, ...log })) {
      if (typeof value !== "number") continue;
      for (const place of this.all(`[data-live="${field}"]`)) put(place, written.format(value));
    }
    if (data.totals) this.totals(data.totals, data.ballots);
    for (const kind of ["by_level", "by_channel"]) if (data[kind]) this.groups(kind, data[kind]);
  }

  /** Who took part, where the page shows the same groups; other tables stay as they were then. */
  groups(kind, counts) {
    const whole = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const same = (cells) => cells.split(" ").sort().join() === Object.keys(counts).sort().join();
    for (const list of this.all(`[data-live-groups="${kind}"]`)) {
      if (!same(list.dataset.cells)) continue;
      for (const [key, count] of Object.entries({ ...counts, whole })) {
        put(list.querySelector(`[data-group="${CSS.escape(key)}"]`), written.format(count));
      }
    }
  }

  here({ here, fewer }) {
    for (const place of this.all("[data-live-here]")) {
      put(place, fewer ? place.dataset.fewer : inNumber(place.dataset, here));
    }
  }

  /** Somebody else is writing, unless it is only us. */
  writing({ somebody }) {
    const show = (shown) => {
      for (const line of this.all("[data-live-writing]")) line.hidden = !shown;
    };
    clearTimeout(this.quiet);
    show(somebody && !typedWithin(WRITING_MS));
    this.quiet = setTimeout(show, WRITING_MS);
  }

  totals(totals, ballots) {
    const most = Math.max(0, ...Object.values(totals));
    const whole = Math.max(most, ballots, 1);
    for (const [option, total] of Object.entries(totals)) {
      const key = CSS.escape(option);
      const number = written.format(total);
      for (const place of this.all(`[data-live-number="${key}"]`)) put(place, number);
      for (const bar of this.all(`[data-live-bar="${key}"]`)) {
        bar.setAttribute("width", `${Math.round((1_000 * total) / whole) / 10}%`);
        bar.ownerSVGElement.classList.toggle("bar--lead", total > 0 && total === most);
      }
    }
  }

  /** The dot field, twenty by five, filled by columns; its name holds the same number. */
  turnout(share) {
    const before = this.first('[data-live="percent"]')?.textContent.trim();
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
    const text = this.first("[data-more-text]")?.dataset.moreText;
    const more = ballots - (this.said ??= ballots);
    if (!text || more <= 0) return;
    const sentence = fill(text, { ballots: written.format(ballots), more: written.format(more) });
    say(sentence, () => (this.said = ballots));
  }

  // ---- Facts: each is told once, in order ----

  happened(number, kind, data, html) {
    this.at = number;
    const whole = html !== undefined && this.replace([...parse(html).body.children]);
    if (html === undefined && this.first("[data-live-fragment][id], [data-live-list]")) {
      this.changes += 1;
    }
    this.notice(kind, whole);
    const detail = { topic: this.name, kind, data };
    this.roots[0]?.dispatchEvent(new CustomEvent("fact", { bubbles: true, detail }));
  }

  /** Too much was missed to be told. */
  reset(at) {
    this.newest = at;
    this.happened(at, "reset", {});
  }

  /** A line that links to the page as it is now; the general one only if the page is not so yet. */
  notice(kind, whole) {
    const own = this.all(`[data-live="${CSS.escape(kind)}"]`);
    const shown = own.size || whole ? own : this.all('[data-live="changed"]');
    if (!shown.size) return;
    for (const line of this.all("[data-live][data-shown]")) line.hidden = true;
    for (const line of shown) [line.hidden, line.dataset.shown] = [false, ""];
    say([...shown][0].textContent.trim(), null, true);
  }

  /** Put fresh elements where they belong; whether all could be. */
  replace(fresh) {
    const left = fresh.filter((each) => !settle(each));
    for (const each of fresh) this.left.delete(each.id);
    for (const each of left) this.left.set(each.id, each);
    const version = Math.max(...this.roots.map((root) => Number(root.dataset.version ?? -1)));
    if (version > this.versions.tally) {
      this.versions.tally = version;
      delete this.readings.tally;
    }
    for (const name of Object.keys(this.readings)) this.draw(name);
    return left.length === 0;
  }

  /** A second has passed: what is stale is fetched in its time, once somebody looks at it. */
  beat(hidden) {
    if (this.left.size) this.replace([...this.left.values()]);
    release();
    if (this.stale && (this.rest -= 1) < 0 && !hidden && !this.fetching) this.refresh();
  }

  /** Fetch the fragments afresh. A page without this topic is another one, such as the sign-in. */
  async refresh() {
    const known = this.changes;
    this.fetching = true;
    const address = this.attribute("liveAddress") ?? location.href;
    const page = parse((await load(address, { cache: "no-cache" })) ?? "");
    this.fetching = false;
    const got = this.within(page).length > 0;
    this.rest = got ? SPREAD_S * Math.random() : REST_S * (0.75 + Math.random() / 2);
    if (!got) return;
    this.fetched = known;
    this.renew(page);
  }

  renew(page) {
    const ids = [...this.all("[data-live-fragment][id]")].map((old) => old.id);
    const fresh = ids.map((id) => page.getElementById(id)).filter(Boolean);
    trim(page);
    this.replace([...fresh, ...page.querySelectorAll("[data-live-into]")]);
  }
}
