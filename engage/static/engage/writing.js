/**
 * Writing without losing a word: a draft is kept while one types, in this browser too, for when the
 * sign-in has ended or the network is gone; a preview comes without leaving the page.
 *
 * form[data-writing]         with data-place, data-draft (where drafts go), data-preview, and
 *                            data-writing-url, which is told that somebody writes
 * [data-draft-status]        says when it was kept: data-kept, data-local with {time}
 * [data-count]               how many characters fit; shown when few are left
 * [data-local-back]          offers what only this browser kept
 * input[name=whose]          a mark of who writes: a browser is shared by several; data-sent, the
 *                            numbers of the forms that arrived last
 * Without it the form works the same, with a preview that is a page.
 */

import { fill, written } from "./saying.js";

const KEEP_MS = 3_000; // after the last key
const LONGEST_MS = 10_000; // … and while somebody types on and on
const WRITING_MS = 5_000; // others are shown it for eight seconds
const FEW = 500; // characters left from which on the number is said

const language = document.documentElement.lang || undefined;
const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

class Writing {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    this.title = form.elements.title;
    this.key = `writing.${form.elements.whose.value}.${form.dataset.place}`;
    [this.timer, this.since, this.told, this.sent] = [null, 0, 0, false];
    this.kept = this.value();
    this.offer();
    form.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("pagehide", () => this.keep(true));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.keep(true);
    });
    this.count();
  }

  value() {
    return JSON.stringify([this.title?.value ?? "", this.text.value]);
  }

  fields(more = {}) {
    const token = this.form.elements.csrfmiddlewaretoken.value;
    const own = { place: this.form.dataset.place, text: this.text.value };
    if (this.title) own.title = this.title.value;
    return new URLSearchParams({ csrfmiddlewaretoken: token, ...own, ...more });
  }

  typed() {
    this.count();
    this.tellWriting();
    this.remember();
    clearTimeout(this.timer);
    this.since ||= Date.now();
    const rest = Math.min(KEEP_MS, Math.max(0, this.since + LONGEST_MS - Date.now()));
    this.timer = setTimeout(() => this.keep(), rest);
  }

  /** In this browser, at every key: nothing else survives a crash within a second. */
  remember(value = this.value()) {
    try {
      localStorage.setItem(this.key, value);
    } catch {
      // a browser that keeps nothing: the draft on the server has to do
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept
    }
  }

  async keep(leaving = false) {
    clearTimeout(this.timer);
    this.since = 0;
    const value = this.value();
    if (this.sent || value === this.kept) return;
    const body = this.fields();
    const keepalive = leaving && body.toString().length < 60_000;
    try {
      const answer = await fetch(this.form.dataset.draft, { method: "POST", body, keepalive });
      if (!answer.ok || answer.redirected) throw new Error();
      this.kept = value;
      if (this.value() === value) this.forget();
      this.say("kept");
    } catch {
      this.say("local");
    }
  }

  say(word) {
    const place = this.form.querySelector("[data-draft-status]");
    if (place) place.textContent = fill(place.dataset[word], { time: hour.format(Date.now()) });
  }

  /** What only this browser has is offered, never put over what the page brought. */
  offer() {
    let stored = null;
    try {
      stored = localStorage.getItem(this.key);
    } catch {
      return;
    }
    if (!stored) return;
    const [title, text, form] = JSON.parse(stored);
    const arrived = form && this.form.elements.whose.dataset.sent.split(" ").includes(form);
    if (arrived || JSON.stringify([title, text]) === this.value()) return this.forget();
    const take = () => {
      if (this.title) this.title.value = title;
      this.text.value = text;
      this.typed();
    };
    if (this.value() === JSON.stringify(["", ""])) return take();
    const offer = this.form.querySelector("[data-local-back]");
    if (!offer) return;
    offer.hidden = false;
    offer.querySelector("[data-local-take]").addEventListener("click", () => {
      take();
      offer.hidden = true;
      this.text.focus();
    });
  }

  count() {
    const place = this.form.querySelector("[data-count]");
    const left = Number(place.dataset.count) - [...this.text.value].length;
    place.classList.toggle("over", left < 0);
    const words = left < 0 ? place.dataset.over : place.dataset.left;
    place.textContent = left < FEW ? fill(words, { n: written.format(Math.abs(left)) }) : "";
  }

  tellWriting() {
    const address = this.form.dataset.writingUrl;
    if (!address || Date.now() - this.told < WRITING_MS) return;
    this.told = Date.now();
    fetch(address, { method: "POST", body: this.fields({ text: "" }) }).catch(() => {});
  }

  submit(event) {
    const way = event.submitter;
    if (way?.matches("[data-preview-button]")) return this.preview(event);
    if (way?.value === "throw-away") this.forget();
    this.sent = true; // the draft goes with what is sent; what is refused comes back in its page
    const number = this.form.elements.attempt.value;
    if (!way?.value) this.remember(JSON.stringify([...JSON.parse(this.value()), number]));
    clearTimeout(this.timer);
    addEventListener("pageshow", () => (this.sent = false), { once: true });
  }

  async preview(event) {
    event.preventDefault();
    const place = document.getElementById("preview");
    try {
      const body = this.fields();
      const answer = await fetch(this.form.dataset.preview, { method: "POST", body });
      if (!answer.ok || answer.redirected) throw new Error();
      place.innerHTML = await answer.text(); // our own page's html, cleaned like a post
    } catch {
      this.form.requestSubmit(); // its page says what is the matter
    }
  }
}

for (const form of document.querySelectorAll("form[data-writing]")) new Writing(form);
