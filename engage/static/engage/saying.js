/**
 * Sentences with numbers in the reader's language, and what is said aloud of what happens, in the
 * page's one status region. Deliberately absent: words. The page brings its own.
 */

const SENTENCE_MS = 5_000; // the status region says at most one sentence in that time

const language = document.documentElement.lang || undefined;
const plural = new Intl.PluralRules(language);
const status = document.getElementById("status");
let spokenAt = 0;
let typedAt = 0;
let waiting = null;
document.addEventListener("keydown", () => (typedAt = Date.now()));

export const written = new Intl.NumberFormat(language);
export const typedWithin = (time) => Date.now() - typedAt < time;
export const put = (place, text) => place.textContent !== text && (place.textContent = text);
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

/** The sentence for a number: of samples such as data-n5 the one whose plural form it takes. */
export function inNumber(words, number) {
  const samples = Object.keys(words).filter((key) => /^n\d+$/.test(key));
  const form = plural.select(number);
  const own = samples.find((key) => plural.select(Number(key.slice(1))) === form);
  return fill(words[own ?? samples[0]] ?? "{n}", { n: written.format(number) });
}

/** Say a sentence in the status region soon, unless a later one takes its place; urgent: now. */
export function say(sentence, said = null, urgent = false) {
  waiting = urgent || !waiting?.urgent ? { sentence, said, urgent } : waiting;
  speak();
}

export function speak() {
  const quiet = Date.now() - spokenAt >= SENTENCE_MS && !typedWithin(SENTENCE_MS);
  if (!waiting || !status || !(quiet || waiting.urgent)) return;
  status.textContent = waiting.sentence;
  waiting.said?.();
  [waiting, spokenAt] = [null, Date.now()];
}
