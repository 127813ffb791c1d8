/**
 * What a fact's html does to a page: an element takes the place of the one with its id, or goes
 * where it belongs in a list. What somebody uses stays, and what is read keeps its place on screen.
 *
 * data-live-list                a list; the page has of it what is data-after and before data-until
 * data-live-into, data-order    belongs into the list with that id, in the order of these texts
 * data-live-gone                what has this id is no more
 * data-live-hold                a list whose newcomers wait unless they move nothing in sight
 * data-live-waiting             says how many wait, and shows them
 */

import { inNumber, put, say } from "./saying.js";

const BUTTON = "[data-live-waiting]";
const LIST = "[data-live-list]";
const USED = "form, iframe";
const WRITES = "input, textarea, select";
const edge = (element, side = "bottom") => element.getBoundingClientRect()[side];
const near = (element) => element.closest("[data-topic]") ?? document;
const heldIn = (list) => [...list.querySelectorAll(":scope > [data-held]")];
let untold = 0; // newcomers of which nothing was said yet

/** Put an element where it belongs; false if what is there is in use. */
export function settle(fresh) {
  const old = fresh.id && document.getElementById(fresh.id);
  if (!old) return insert(fresh);
  const focused = old.contains(document.activeElement) && document.activeElement;
  const again = focused && likeness(focused, old, fresh);
  if (old.closest(USED) || old.querySelector(USED) || (focused && !again)) return false;
  if (old.dataset.held) hold(fresh);
  for (const { name, value } of old.querySelectorAll(":checked")) {
    const box = fresh.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
    if (box) box.checked = true;
  }
  steadily(old, () => ("liveGone" in fresh.dataset ? old.remove() : old.replaceWith(fresh)));
  if (again) again.focus({ preventScroll: true });
  return true;
}

/** The link or button in `fresh` that does what the one with the focus did. */
function likeness(focused, old, fresh) {
  if (focused === old) return fresh;
  const deed = (each) => each.id || `${each.href} ${each.formAction} ${each.value}`;
  const alike = (each) => deed(each) === deed(focused);
  const kept = focused.matches("a, button, [type=checkbox]");
  return kept && [...fresh.querySelectorAll(focused.localName)].find(alike);
}

/** Change what is above the screen, and nothing on it moves. */
function steadily(old, change) {
  const all = edge(old) <= 0 ? [...document.querySelectorAll(`${LIST} > *`)] : [];
  const read = all.find((each) => edge(each) > 0) ?? all.at(-1)?.parentElement;
  const before = read && edge(read);
  change();
  if (read) scrollBy({ top: edge(read) - before, behavior: "instant" });
}

// ---- Lists ----

function insert(fresh) {
  const { liveInto, liveGone, order } = fresh.dataset;
  const list = liveGone === undefined && document.getElementById(liveInto);
  if (!list || !isWithin(order, list.dataset)) return true;
  const next = [...list.children].find((each) => each.dataset.order > order) ?? null;
  if ("liveHold" in list.dataset && !isFree(list, next)) hold(fresh);
  list.insertBefore(fresh, next);
  count(list, (untold += 1));
  return true;
}

const isWithin = (order, { after = "", until = "~" }) => order > after && order < until;

/** Whether what comes before `next` may be shown: nothing that is read or written moves. */
function isFree(list, next) {
  const shown = (from, way) => {
    while (from?.hidden) from = from[way];
    return from;
  };
  const last = next ? next.previousElementSibling : list.lastElementChild;
  const before = shown(last, "previousElementSibling");
  const after = shown(next, "nextElementSibling");
  const place = before ? edge(before) : edge(list, "top");
  const pushes = after && edge(after, "top") < innerHeight;
  const inSight = place >= 0 && place < innerHeight;
  return inSight && !pushes && !document.activeElement?.matches(WRITES);
}

function hold(fresh) {
  [fresh.hidden, fresh.dataset.held] = [true, "1"];
}

function show(held) {
  held.hidden = false;
  delete held.dataset.held;
}

/** What the button says of those who wait, and what is said of `told` that came. */
function count(list, told = 0) {
  const button = near(list).querySelector(BUTTON);
  if (!button) return;
  const held = heldIn(list).length;
  button.hidden = !held;
  put(button, inNumber(button.dataset, held));
  if (told) say(inNumber(button.dataset, told), () => (untold = 0));
}

/** Show those to whose place somebody has come. */
export function release() {
  for (const list of document.querySelectorAll(LIST)) {
    for (const each of heldIn(list)) if (isFree(list, each)) show(each);
    count(list);
  }
}

/** Take from a list what the fetched page has no more, and end it where that one ends. */
export function trim(page) {
  for (const list of document.querySelectorAll(LIST)) {
    const now = page.getElementById(list.id);
    const gone = ({ id, dataset }) => isWithin(dataset.order, now.dataset) && !page.getElementById(id);
    for (const each of now ? [...list.children].filter(gone) : []) {
      steadily(each, () => each.contains(document.activeElement) || each.remove());
    }
    if (now?.dataset.until) list.dataset.until = now.dataset.until;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(BUTTON);
  const list = button && near(button).querySelector(LIST);
  const held = list ? heldIn(list) : [];
  if (!held.length) return;
  event.preventDefault();
  held.forEach(show);
  count(list);
  held[0].tabIndex = -1;
  held[0].focus();
  held[0].scrollIntoView();
});
