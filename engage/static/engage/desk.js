/**
 * Works the desk off by single keys, for whoever switched them on; keeps what is chosen while rows
 * change, and fills in what a reason says to the author. Everything here is also a link or a form.
 *
 * data-row            the address of a text, on its row in the queue
 * data-statements     a form with a reason and a statement; its template has what each reason says
 * data-keys-choice    the switch for single keys; data-keys: what they are, shown while on
 */

const KEPT = "desk-keys";
const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, dialog";
const DECIDES = { a: "approve", h: "hide", r: "remove", e: "return" };
const chosen = new Set();
let here = null; // the key of the row that single keys are about

const rows = () => [...document.querySelectorAll("[data-row]:not([hidden])")];
const box = (row) => row.querySelector("input[type=checkbox]");
const current = () => rows().find((row) => row.id === here);

// ---- Single keys, off until somebody wants them (WCAG 2.1.4) ----

function remembered() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // for this page only, then
  }
}

const choice = document.getElementById("keys-on");
let on = remembered();

function showKeys() {
  for (const each of document.querySelectorAll("[data-keys-choice]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-keys]")) each.hidden = !on;
  if (choice) choice.checked = on;
}

choice?.addEventListener("change", () => {
  on = choice.checked;
  remember(on);
  showKeys();
});

function go(step) {
  const all = rows();
  const at = all.findIndex((row) => row.id === here);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return;
  here = next.id;
  mark();
  next.querySelector("a")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function mark() {
  for (const row of rows()) row.classList.toggle("desk-row--here", row.id === here);
}

function press(key) {
  const row = current();
  if (key === "j") go(1);
  else if (key === "k") go(here ? -1 : 1);
  else if (key === "o" && row) location.assign(row.dataset.row);
  else if (key === "x" && row) box(row).click();
  else if (key === "c") document.getElementById("claim")?.click();
  else if (key in DECIDES) choose(DECIDES[key]);
  else return false;
  return true;
}

/** Choose a decision; the reason comes next, and nothing is sent. */
function choose(verb) {
  const radio = document.querySelector(`#decide [name=verb][value=${verb}]`);
  radio?.click();
  radio?.form.querySelector("[name=reason]")?.focus();
}

document.addEventListener("keydown", (event) => {
  const plain = !(event.ctrlKey || event.metaKey || event.altKey);
  if (!on || !plain || event.target.closest(WRITES)) return;
  if (press(event.key)) event.preventDefault();
});

// ---- What is chosen stays so while rows change ----

document.addEventListener("change", ({ target }) => {
  if (target.name !== "item") return;
  if (target.checked) chosen.add(target.value);
  else chosen.delete(target.value);
});

new MutationObserver(() => {
  for (const row of rows()) if (chosen.has(box(row)?.value)) box(row).checked = true;
  mark();
}).observe(document.body, { childList: true, subtree: true });

// ---- What a reason says to the author ----

for (const form of document.querySelectorAll("[data-statements]")) {
  const words = new Map(
    [...form.querySelector("template").content.children].map((each) => [
      each.dataset.reason,
      each.textContent,
    ]),
  );
  const statement = form.elements.statement;
  let filled = "";
  form.elements.reason.addEventListener("change", ({ target }) => {
    if (statement.value.trim() && statement.value !== filled) return;
    statement.value = filled = words.get(target.value) ?? "";
  });
}

showKeys();
