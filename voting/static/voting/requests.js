/**
 * Asking a server without telling it who asks: no cookie, no referrer, no redirect.
 * Answers that are not good become errors that say what to do next.
 */

/** A refusal by the server: its status, its code and its sentence for people (RFC 9457). */
export class Refused extends Error {
  constructor({ status = 0, code = "error", detail = "", next = "" }) {
    super(detail || code);
    Object.assign(this, { status, code, sentence: detail, next });
  }
}

/** Nobody there, or too much to do: nothing is lost, try again in `seconds` (null: as you like). */
export class Later extends Error {
  constructor(key, seconds = null) {
    super(key);
    Object.assign(this, { key, seconds });
  }
}

const PATIENCE_MS = 20_000;

/** A good answer, or Later or Refused. */
export async function ask(url, settings = {}) {
  const open = { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" };
  const signal = AbortSignal.timeout?.(PATIENCE_MS);
  const response = await fetch(url, { ...open, signal, ...settings }).catch(() => null);
  if (response === null) throw new Later("unreachable");
  if (response.ok) return response;
  throw await refusalFrom(response);
}

/** What a bad answer means: 429 and all of 5xx pass by themselves. */
export async function refusalFrom(response) {
  const { status } = response;
  if (status === 429 || status >= 500) return new Later("unreachable", retryAfter(response));
  const problem = await response.json().catch(() => ({}));
  return new Refused({ ...problem, status });
}

function retryAfter(response) {
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 600) : null;
}

/** Seconds until the next try: what the server asked for, or doubling; never all at once. */
export function patience(later, tries, chance = Math.random()) {
  const wanted = later.seconds ?? Math.min(60, 2 ** tries);
  return wanted * (later.seconds === null ? 0.5 + chance : 1 + chance / 2);
}
