/**
 * Sentences and places of a page: words stand in the page as `<template data-say="key">`, so that
 * they are translated like all others; values come in as text, never as markup.
 */

/** The sentence under `key`, its {names} filled in. */
export function say(key, values = {}) {
  const template = document.querySelector(`template[data-say="${key}"]`);
  const words = template ? template.content.textContent.trim() : key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** True if the page has a sentence for `key`. */
export const canSay = (key) => Boolean(document.querySelector(`template[data-say="${key}"]`));

/**
 * Put text into every `[data-out="name"]` under `root`. An empty one is hidden, unless it has a
 * role: what is to be read out must stand there before its words do.
 */
export function out(root, name, words = "") {
  for (const place of root.querySelectorAll(`[data-out="${name}"]`)) {
    if (place.textContent !== words) place.textContent = words;
    place.hidden = !words && !place.hasAttribute("role");
  }
}

/** Show `[data-part="name"]` or hide it. */
export function part(root, name, shown) {
  for (const place of root.querySelectorAll(`[data-part="${name}"]`)) place.hidden = !shown;
}

/** "2026-06-12T20:00Z" as this page's language writes it. */
export function when(minute) {
  const day = { weekday: "long", day: "numeric", month: "long" };
  const time = { hour: "numeric", minute: "2-digit" };
  const language = document.documentElement.lang || undefined;
  return new Intl.DateTimeFormat(language, { ...day, ...time }).format(new Date(minute));
}

/** A whole number as this page's language writes it. */
export const number = (value) =>
  new Intl.NumberFormat(document.documentElement.lang || undefined).format(value);

/** Give a text to the person as a file. */
export function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
