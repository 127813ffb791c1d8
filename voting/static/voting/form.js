/**
 * The ballot paper: makes a choice, in the protocol's form, of what a person ticked or ordered.
 * It refuses what the box would refuse, with a sentence; it sends and keeps nothing.
 */

import { number, out, say } from "./words.js";

/** What is wrong with a ballot paper, under the key of its sentence. */
export class Unready extends Error {
  constructor(key, values = {}) {
    super(key);
    Object.assign(this, { key, values });
  }
}

const LISTS = ["approval", "budget-approval", "knapsack"];

/** The ballot paper for a manifest's method, on the server's form. */
export function ballotPaper(form, { method, options, rules }) {
  const paper = { form, method, options, limits: rules.params };
  const listed = [...form.querySelectorAll("[data-option]")].map((row) => row.dataset.option);
  if ([...listed].sort().join() !== options.map(({ id }) => id).sort().join())
    throw new Unready("other-options");
  const kind = method === "ranked" ? ranked : LISTS.includes(method) ? ticked : single;
  return { ...paper, ...(method === "score" || method === "cumulative" ? points : kind)(paper) };
}

/** The choice in words, from the manifest's own titles: what a person reads before casting. */
export function inWords(choice, { options }) {
  const title = (id) => options.find((option) => option.id === id)?.title ?? id;
  if (typeof choice === "string") return [title(choice)];
  if (Array.isArray(choice)) return choice.map(title);
  const given = Object.entries(choice ?? {});
  return given.map(([id, value]) => say("points", { title: title(id), points: number(value) }));
}

const blankBox = (form) => form.querySelector("[data-blank]");

/** The choice, or blank if the blank box is ticked; both or neither is not ready. */
function orBlank(form, empty, chosen) {
  const blank = blankBox(form)?.checked ?? false;
  const some = Object.keys(chosen ?? []).length > 0;
  if (blank && some) throw new Unready("blank-and-choice");
  if (!blank && !some) throw new Unready("nothing-chosen");
  return some ? chosen : empty;
}

function setBlank(form, blank) {
  const box = blankBox(form);
  if (box) box.checked = blank;
}

/** plurality and yesno: radio buttons named `choice`, the blank one without a value. */
function single({ form }) {
  const radios = () => [...form.querySelectorAll("input[name=choice]")];
  return {
    read() {
      const chosen = radios().find((radio) => radio.checked);
      if (!chosen) throw new Unready("nothing-chosen");
      return chosen.matches("[data-blank]") ? null : chosen.value;
    },
    fill(choice) {
      for (const radio of radios())
        radio.checked = radio.matches("[data-blank]") ? choice === null : radio.value === choice;
    },
  };
}

/** approval, budget-approval and knapsack: checkboxes named `choice`, in the manifest's order. */
function ticked({ form, method, options, limits }) {
  const boxes = [...form.querySelectorAll("input[name=choice]")];
  const cost = Object.fromEntries(options.map((option) => [option.id, option.cost ?? 0]));
  const chosen = () => {
    const ids = boxes.filter((box) => box.checked).map((box) => box.value);
    return options.map(({ id }) => id).filter((id) => ids.includes(id));
  };
  const spent = () => chosen().reduce((sum, id) => sum + cost[id], 0);
  const meter = () => showMeter({ form, method, limits, boxes, cost, spent: spent() });
  form.addEventListener("change", meter);
  return {
    read() {
      const choice = orBlank(form, [], chosen());
      const most = limits.max_approvals;
      if (most && choice.length > most) throw new Unready("too-many", { max: number(most) });
      const over = method === "knapsack" ? spent() - limits.budget : 0;
      if (over > 0) throw new Unready("over-budget", { money: money(over) });
      return choice;
    },
    fill(choice) {
      for (const box of boxes) box.checked = choice.includes(box.value);
      setBlank(form, choice.length === 0);
      meter();
    },
  };
}

const money = (amount) => say("money", { amount: number(amount) });

/** Money left first, in words, then the bar; a project that no longer fits says so in advance. */
function showMeter({ form, method, limits, boxes, cost, spent }) {
  const meter = form.querySelector("[data-meter]");
  if (!meter || !limits.budget) return;
  const left = limits.budget - spent;
  const values = { left: money(Math.abs(left)), spent: money(spent), budget: money(limits.budget) };
  const tight = method === "knapsack";
  out(form, "meter", say(tight ? (left < 0 ? "meter-over" : "meter-left") : "meter-spent", values));
  meter.classList.toggle("over", tight && left < 0);
  const bar = meter.querySelector("[data-bar]");
  bar?.setAttribute("width", `${Math.min(100, Math.round((100 * spent) / limits.budget))}%`);
  for (const box of boxes) {
    const fits = !tight || box.checked || cost[box.value] <= left;
    const row = box.closest("[data-option]") ?? form;
    out(row, "fits", fits ? "" : say("does-not-fit", { money: money(cost[box.value] - left) }));
  }
}

/** score and cumulative: a number field for each option; an empty one is no points. */
function points({ form, method, options, limits }) {
  const field = (id) => form.querySelector(`[data-option="${id}"] input[type=number]`);
  return {
    read() {
      const given = options.map(({ id }) => [id, field(id).value.trim()]);
      const choice = Object.fromEntries(given.filter(([, value]) => value !== "").map(whole));
      const sum = Object.values(choice).reduce((all, value) => all + value, 0);
      const [least, most] = method === "score" ? [limits.min ?? 0, limits.max] : [1, limits.points];
      const outside = Object.values(choice).some((value) => !(value >= least && value <= most));
      if (outside) throw new Unready("points-outside", { min: number(least), max: number(most) });
      if (method === "cumulative" && sum > most)
        throw new Unready("too-many-points", { max: number(most) });
      return orBlank(form, {}, choice);
    },
    fill(choice) {
      for (const { id } of options) field(id).value = choice[id] ?? "";
      setBlank(form, Object.keys(choice).length === 0);
    },
  };
}

const whole = ([id, value]) => [id, /^-?\d{1,15}$/.test(value) ? Number(value) : NaN];

/** ranked: two lists, [data-ranks] and [data-rest]; rows move by buttons with data-move. */
function ranked({ form, options, limits }) {
  const [ranks, rest] = ["[data-ranks]", "[data-rest]"].map((name) => form.querySelector(name));
  const most = Math.min(limits.max_ranks ?? 5, options.length);
  const rows = (list) => [...list.querySelectorAll(":scope > [data-option]")];
  const order = () => rows(ranks).map((row) => row.dataset.option);
  const row = (id) => form.querySelector(`[data-option="${id}"]`);

  function label() {
    const count = rows(ranks).length;
    for (const [i, each] of [...rows(ranks), ...rows(rest)].entries()) {
      const inside = i < count;
      const values = { title: each.querySelector("[data-title]").textContent.trim() };
      const place = inside ? i + 1 : count + 1;
      each.querySelector("[data-place]").textContent = inside ? number(place) : "";
      each.classList.toggle("rank--out", !inside);
      const moves = { up: place - 1, down: place + 1, out: place, add: place };
      for (const button of each.querySelectorAll("[data-move]")) {
        const { move } = button.dataset;
        button.hidden = inside === (move === "add");
        const edge = { up: i === 0, down: i === count - 1, add: count >= most }[move] ?? false;
        button.setAttribute("aria-disabled", String(edge)); // disabled would lose the focus
        button.setAttribute("aria-label", say(`move-${move}`, { ...values, place: moves[move] }));
      }
      out(each, "add", say("add-as", { place: number(count + 1) }));
    }
  }

  function move(id, how) {
    const [moved, places] = [row(id), order()];
    const at = places.indexOf(id);
    if (how === "up") ranks.insertBefore(moved, row(places[at - 1]));
    if (how === "down") ranks.insertBefore(row(places[at + 1]), moved);
    if (how === "add") ranks.append(moved);
    if (how === "out") rest.append(moved);
    for (const each of form.querySelectorAll(".rank--new")) each.classList.remove("rank--new");
    moved.classList.add("rank--new");
    label();
    const next = { add: "up", out: "add" }[how] ?? how;
    moved.querySelector(`[data-move="${next}"]`).focus();
    const values = { place: number(order().indexOf(id) + 1), count: number(order().length) };
    const title = moved.querySelector("[data-title]").textContent.trim();
    out(form, "moved", say(how === "out" ? "moved-out" : "moved", { title, ...values }));
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    move(button.closest("[data-option]").dataset.option, button.dataset.move);
  });
  label();
  return {
    read: () => orBlank(form, [], order()),
    fill(choice) {
      for (const { id } of options) rest.append(row(id));
      for (const id of choice) ranks.append(row(id));
      setBlank(form, choice.length === 0);
      label();
    },
  };
}
