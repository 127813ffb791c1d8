/**
 * The poll's page around the booth: it knows who the voter is, so it fetches the blind signature;
 * it never sees what is signed or chosen. Without scripts the page offers another way.
 */

import { lodgingFor } from "./lodging.js";
import { patience, refusalFrom } from "./requests.js";
import { canSay, say } from "./words.js";

const MARK = "booth/1";
const SPREAD_MS = 3_000;
const frame = document.getElementById("booth-frame");
const { pass: passUrl } = frame.dataset;
const boothOrigin = new URL(frame.src).origin;
const tell = (type, fields) =>
  frame.contentWindow.postMessage({ engage: MARK, type, ...fields }, boothOrigin);

let lodging = null; // the booth's record, where the browser lets it keep none

/** Where this person stands with the poll, told to the booth. */
async function hello(tries = 0) {
  const headers = { Accept: "application/json" };
  const response = await fetch(passUrl, { headers, cache: "no-store" }).catch(() => null);
  if (!response?.ok) {
    const wait = 1000 * patience({ seconds: null }, tries);
    return void setTimeout(() => hello(Math.min(tries + 1, 6)), wait);
  }
  const { state, phase, detail = "", next = "" } = await response.json();
  tell("hello", { pass: state, phase, sentence: detail, next });
  if (state === "taken") steps("vote");
}

/** Exchange a blinded message for its signature, with this session's cookie. */
async function sign({ id, blinded }) {
  if (typeof id !== "string" || !(blinded instanceof Uint8Array) || blinded.length > 512) return;
  const headers = { "Content-Type": "application/octet-stream", Accept: "application/json" };
  headers["X-CSRFToken"] = token();
  const settings = { method: "POST", body: blinded, headers, credentials: "same-origin" };
  const response = await fetch(passUrl, settings).catch(() => null);
  if (response?.ok) {
    const signature = new Uint8Array(await response.arrayBuffer());
    return tell("signed", { id, signature });
  }
  const refusal = response ? await refusalFrom(response) : { key: "unreachable" };
  const { code = refusal.key, sentence = "", next = "", seconds: wait = null } = refusal;
  tell("refused", { id, code, sentence, next, wait });
}

/** Keep the booth's record for it, unread. */
async function keep({ id, ...wish }) {
  lodging ??= lodgingFor(new URL(frame.src).pathname.split("/")[2]);
  const kept = await lodging(wish).catch(() => undefined);
  tell("kept", { id, kept });
}

function token() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? frame.dataset.csrf ?? "";
}

/** Pass, vote, receipt: which are done and which is now. */
function steps(now, finished = false) {
  const order = ["pass", "vote", "receipt"];
  for (const step of document.querySelectorAll("[data-booth-step]")) {
    const place = order.indexOf(step.dataset.boothStep) - order.indexOf(now);
    const isNow = place === 0 && !finished;
    step.classList.toggle("done", place < 0 || (place === 0 && finished));
    step.classList.toggle("now", isNow);
    if (isNow) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
}

const VOTING = { waiting: "vote", form: "vote", check: "vote", sending: "vote" };

function state({ id, view, height, logged, cast }) {
  resize(height);
  requestAnimationFrame(() => requestAnimationFrame(() => tell("fits", { id })));
  if ("ifCast" in frame.dataset) frame.hidden = cast !== true; // a closed poll shows receipts only
  document.documentElement.dataset.booth = String(view); // for the page's style
  steps(view === "receipt" ? "receipt" : (VOTING[view] ?? "pass"), logged === true);
  const status = document.getElementById("status");
  if (logged && status && canSay("logged")) status.textContent = say("logged");
}

function resize(height) {
  if (!Number.isFinite(height)) return;
  frame.style.height = `${Math.min(Math.max(height, 80), 20_000)}px`;
}

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin !== boothOrigin || source !== frame.contentWindow || data?.engage !== MARK) return;
  if (data.type === "ready") hello();
  if (data.type === "sign") sign(data);
  if (data.type === "state") state(data);
  if (data.type === "keep") keep(data);
  if (data.type === "height") resize(data.height);
});

// A poll opens or closes while the page is open (live.js), perhaps among too many facts to be told;
// not everybody asks in the same second.
document.addEventListener("fact", ({ detail }) => {
  if (detail.kind.startsWith("poll.") || detail.kind === "reset")
    setTimeout(hello, SPREAD_MS * Math.random());
});
