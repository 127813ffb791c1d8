/**
 * Naming somebody of a thread: after an @ the names that fit stand below the field. Up and down
 * choose, Enter or Tab takes one, Escape puts the list away; a finger or the mouse does as well.
 *
 * textarea[data-names]       the address that knows names; data-names-label names the list, and
 *                            data-names-n1 … says how many there are
 * Deliberately absent: anything that is sent. The text alone says who is named, and the server
 * decides whom that means. Without this file one types the whole name.
 */

import { inNumber, say } from "./saying.js";

const PAUSE_MS = 150; // after the last key
const LONGEST = 60;
const ASKED = /(?:^|[^\p{L}\p{N}_@])@([^\s@][^@\n]{0,59}|)$/u;

let lists = 0;

class Names {
  constructor(field) {
    this.field = field;
    this.known = new Map();
    this.timer = null;
    this.asked = null;
    this.list = document.createElement("ul");
    this.list.className = "names";
    this.list.id = `names-${++lists}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.namesLabel ?? "");
    field.after(this.list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("autocomplete", "off");
    field.addEventListener("input", () => this.typed());
    field.addEventListener("click", () => this.typed());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  /** What stands between the @ and the cursor; null where nobody is being named. */
  begun() {
    const { selectionStart, selectionEnd, value } = this.field;
    if (selectionStart !== selectionEnd) return null;
    const before = value.slice(Math.max(0, selectionStart - LONGEST - 2), selectionStart);
    return ASKED.exec(before)?.[1] ?? null;
  }

  typed() {
    clearTimeout(this.timer);
    const begun = this.begun();
    if (begun === null) return this.close();
    this.timer = setTimeout(() => this.show(begun), PAUSE_MS);
  }

  async show(begun) {
    const names = await this.namesFor(begun);
    if (this.begun() !== begun) return; // typed on while it was asked
    const taken = names.length === 1 && names[0] === begun.trim();
    if (!names.length || taken) return this.close();
    const options = names.map((name, at) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${at}`;
      option.setAttribute("role", "option");
      option.dir = "auto";
      option.textContent = name;
      return option;
    });
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.field.setAttribute("aria-controls", this.list.id);
    this.choose(options[0]);
    say(inNumber(this.counted(), names.length), null, true);
  }

  /** data-names-n1 … as the samples that inNumber reads. */
  counted() {
    const samples = Object.entries(this.field.dataset).filter(([key]) => /^namesN\d+$/.test(key));
    return Object.fromEntries(samples.map(([key, words]) => [`n${key.slice(6)}`, words]));
  }

  async namesFor(begun) {
    const known = this.known.get(begun);
    if (known) return known;
    const nobody = ([start, names]) => !names.length && begun.startsWith(start);
    if ([...this.known].some(nobody)) return [];
    this.asked?.abort();
    this.asked = new AbortController();
    const address = `${this.field.dataset.names}?${new URLSearchParams({ q: begun })}`;
    const headers = { Accept: "application/json" };
    try {
      const answer = await fetch(address, { headers, signal: this.asked.signal });
      if (!answer.ok || answer.redirected) return [];
      const { names } = await answer.json();
      this.known.set(begun, names);
      return names;
    } catch {
      return []; // no network, signed out, or typed on: one types the name oneself
    }
  }

  chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  choose(option) {
    this.chosen()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const at = this.chosen();
    const ways = {
      ArrowDown: () => this.choose(at.nextElementSibling ?? this.list.firstElementChild),
      ArrowUp: () => this.choose(at.previousElementSibling ?? this.list.lastElementChild),
      Enter: () => this.take(at),
      Tab: () => this.take(at),
      Escape: () => this.close(),
    };
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (!plain || !ways[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    ways[event.key]();
  }

  take(option) {
    const begun = this.begun();
    if (begun === null) return this.close();
    const end = this.field.selectionStart;
    this.field.setRangeText(`${option.textContent} `, end - begun.length, end, "end");
    this.close();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.focus();
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }
}

for (const field of document.querySelectorAll("textarea[data-names]")) new Names(field);
