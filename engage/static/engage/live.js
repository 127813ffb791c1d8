/**
 * Keeps a page true while it is open: one socket for all topics on it, ordinary requests where
 * sockets are blocked, and one honest line about the connection. Without it a reload shows the
 * same.
 *
 * The line is never switched by hand: every second, and after every event, it follows from what
 * we know:
 *
 *   live    the socket has spoken within 14 s, and every topic is complete up to its newest fact
 *   paused  there is no such socket, but our last request was answered
 *   away    it speaks and something is missing yet, or neither for up to 10 s: we are catching up
 *   off     neither, and for longer: the line says from when the numbers are
 *   ended   the server's last word was that coming back would not help; only a reload does
 */

import { fill, say, speak } from "./saying.js";
import { Topic, load } from "./topic.js";

const BEAT_MS = 1_000; // how often we look at the time
const SILENCE_MS = 14_000; // the server gives a sign of life at least every 11 s
const OFF_MS = 10_000;
const FIRST_MS = [1_000, 5_000, 15_000, 30_000]; // rests, up to, while no socket ever worked
const AGAIN_MS = [15_000, 15_000, 15_000, 30_000]; // no second brings a tenth of us back
const MOST_MS = 300_000; // the longest rest a server may ask for
const POLL_MS = [2_000, 15_000];
const POLL_SHARE = 20; // asking takes at most a twentieth of the time
const TRIES = 2; // sockets in a row that said nothing, before we ask instead
const MOST_TOPICS = 20; // realtime/domain/requests.py

const RESTART = 1012; // the codes are those of realtime/codes.py
const BUSY = 1013;
const LATER = new Set([BUSY, 4408, 4429]);
const FOR_GOOD = new Set([4400, 4401, 4403, 4413, 4426]);

const language = document.documentElement.lang || undefined;
const { liveRelease: release, liveMe: me } =
  document.querySelector("[data-live-release]")?.dataset ?? {};
const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const hidden = () => document.visibilityState === "hidden";
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

const topics = new Map(); // what the page shows, by name
let socket = null;
let attempt = null; // the timer of the next one
let triedAt = 0;
let heardAt = 0;
let failures = 0; // sockets in a row that said nothing
let worked = false; // whether any ever did
let polling = false;
let poll = null; // the timer of the next request
let asking = false;
let polledAt = 0;
let trueAt = made(); // when we last knew that the numbers were true
let tryingFrom = Date.now(); // since when, awake, we have not known it
let lookedAt = Date.now();
let ended = false;
let word = ""; // why the server ended the socket, in the page's language
let state = "";
let told = "live"; // the last that was said aloud of it

// ---- What we know, and what the line says ----

/** When the page was put together: a browser may have kept it for hours. */
function made() {
  const now = Date.now();
  return Math.min(now, Date.parse(document.querySelector(".conn time")?.dateTime) || now);
}

function standing() {
  const heard = socket && heardAt >= triedAt;
  if (ended) return "ended";
  if (heard && [...topics.values()].every((topic) => topic.complete)) return "live";
  if (polledAt) return "paused";
  return heard || Date.now() - tryingFrom <= OFF_MS ? "away" : "off";
}

function show() {
  state = standing();
  if (state === "live" || state === "paused") tryingFrom = Date.now();
  for (const line of document.querySelectorAll(".conn[data-live-text]")) {
    const text = words(line);
    if (text && text !== line.textContent) line.textContent = text;
    for (const each of ["live", "paused", "away", "off", "ended"]) {
      line.classList.toggle(`conn--${each}`, each === state);
    }
    announce(text);
  }
  for (const here of document.querySelectorAll("[data-live-here]")) {
    here.hidden = state !== "live" || !here.textContent;
  }
}

/** The server's own sentence where it gave one; the time of the numbers where they grow old. */
function words({ dataset }) {
  const time = hour.format(trueAt);
  if (!word || state === "live" || state === "paused") {
    return fill(dataset[`${state}Text`] ?? "", { time });
  }
  return state === "off" ? `${word} ${fill(dataset.sinceText ?? "", { time })}` : word;
}

/** A blip is not worth a sentence; losing the connection interrupts. */
function announce(text) {
  if (state === "away" || state === told) return;
  told = state;
  say(text, null, state === "off" || state === "ended");
}

// ---- What the page shows is what we follow ----

function gather() {
  const roots = [...document.querySelectorAll("[data-topic]")];
  const names = [...new Set(roots.map((root) => root.dataset.topic))].slice(0, MOST_TOPICS);
  for (const name of topics.keys()) if (!names.includes(name)) leave(name);
  for (const name of names) if (!topics.has(name)) follow(name);
  if (!socket && !attempt) connect();
}

function follow(name) {
  const topic = new Topic(name);
  topics.set(name, topic);
  tell({ follow: topic.place });
}

function leave(name) {
  topics.delete(name);
  tell({ unfollow: name });
}

/** Tell the server, now or once it listens. Without a socket the next one begins where we are. */
function tell(message) {
  const mine = socket;
  const send = () => mine.send(JSON.stringify(message));
  if (mine?.readyState === WebSocket.OPEN) send();
  else mine?.addEventListener("open", send);
}

// ---- The socket ----

function connect() {
  clearTimeout(attempt);
  attempt = null;
  if (ended || socket || !topics.size) return;
  const places = [...topics.values()].map((topic) => topic.begin()).join(",");
  const address = new URL(`/ws/?topics=${places}&lang=${language ?? ""}`, location.href);
  if (release) address.searchParams.set("v", release);
  if (me) address.searchParams.set("me", me); // the sign-in that this page was made for
  address.protocol = address.protocol.replace("http", "ws");
  triedAt = Date.now();
  const mine = (socket = new WebSocket(address));
  mine.onmessage = ({ data }) => socket === mine && receive(JSON.parse(data));
  mine.onclose = ({ code, reason }) => socket === mine && lost(mine, code, reason);
}

function receive(message) {
  heardAt = Date.now();
  [failures, worked, word] = [0, true, ""];
  [polling, polledAt] = [false, 0];
  hear(message);
  const now = standing();
  if (now === "live") trueAt = heardAt;
  if (now !== state) show();
}

/** The socket has ended, or says nothing any more: come back, but not all of us at once. */
function lost(old, code = 0, reason = "") {
  const rest = pause(code, 1_000 * Number.parseInt(reason, 10) || 0);
  socket = null;
  old.close();
  failures += 1;
  finish(code);
  polling = !ended && (failures >= TRIES || code === BUSY);
  if (polling && poll === null) ask();
  if (!ended) attempt = setTimeout(connect, rest);
  show();
}

/** Say why it ended. After some words nothing but a reload helps. */
function finish(code) {
  ended = FOR_GOOD.has(code);
  word = document.getElementById("close-sentences")?.dataset[`c${code}`] ?? "";
  for (const way of document.querySelectorAll(`[data-live-ended="${code}"]`)) way.hidden = false;
}

/** How long to rest: anywhere within the spread, after the least time that the server asks for. */
function pause(code, told) {
  const asked = Math.min(told, MOST_MS);
  const usual = (worked ? AGAIN_MS : FIRST_MS)[Math.min(failures, 3)];
  const least = LATER.has(code) ? asked || POLL_MS[1] : 0;
  return least + Math.random() * (code === RESTART && asked ? asked : usual);
}

// ---- What is heard, by either way ----

function hear(message) {
  if (message.new) return newer();
  if (message.end) {
    polling = false;
    return finish(message.end);
  }
  const topic = topics.get(message.t);
  if (!topic) return;
  if (message.g) topic.gauge(message.g, message.v, message.d);
  else if (message.n) fact(topic, message);
  else mark(topic, message);
}

/** The next fact is told, one we have is not told twice, and a gap is asked for once. */
function fact(topic, { n, k, d, h }) {
  topic.at ??= n - 1;
  topic.newest = Math.max(topic.newest, n);
  if (n === topic.at + 1) topic.happened(n, k, d, h);
  else if (n > topic.at && topic.missedFrom !== topic.at) missed(topic);
}

function mark(topic, { at, reset }) {
  if (reset) topic.reset(at);
  topic.at ??= at;
  topic.newest = Math.max(topic.newest, at);
  topic.marked = true;
  if (at > topic.at) missed(topic);
}

function missed(topic) {
  topic.missedFrom = topic.at;
  tell({ seen: topic.place });
}

/** The town has another release by now. The page says so and stays: somebody may be writing. */
function newer() {
  for (const notice of document.querySelectorAll("[data-live-new][hidden]")) {
    notice.hidden = false;
    say(notice.textContent.trim());
  }
}

// ---- Asking, where there is no socket ----

async function ask() {
  clearTimeout(poll);
  poll = null;
  if (asking || !polling) return;
  asking = true;
  const began = Date.now();
  const answers = hidden() ? [] : await Promise.all([...topics.values()].map(question));
  const answered = answers.length > 0 && answers.every(Boolean);
  const took = Date.now() - began;
  asking = false;
  if (!polling) return show();
  if (answered) polledAt = trueAt = Date.now();
  else if (!hidden()) polledAt = 0;
  show();
  const rest = answered ? clamp(POLL_SHARE * took, ...POLL_MS) : POLL_MS[1];
  poll = setTimeout(ask, rest * (0.75 + Math.random() / 2));
}

/** The very same messages; the browser's cache keeps the answer's tag, and asks with it. */
async function question(topic) {
  const since = topic.at === null ? "" : `since=${topic.at}&`;
  const whose = me ? `&me=${me}` : "";
  const text = await load(`/live/${topic.name}?${since}lang=${language ?? ""}${whose}`);
  try {
    for (const message of JSON.parse(text).messages) hear(message);
    return true;
  } catch {
    return false; // a network's own answer, perhaps: sign in to the hotel
  }
}

// ---- Time passes; machines sleep and wake ----

function look() {
  const now = Date.now();
  const slept = Math.abs(now - lookedAt) > SILENCE_MS; // or somebody set the clock
  lookedAt = now;
  if (slept) tryingFrom = now;
  if (socket && Math.abs(now - Math.max(heardAt, triedAt)) > SILENCE_MS) lost(socket);
  if (slept) comeBack();
  for (const topic of topics.values()) topic.beat(hidden());
  show();
  speak();
}

/** Somebody looks at the page again, or the network is back: no need to wait for our turn. */
function comeBack() {
  if (hidden()) return;
  connect();
  if (polling) ask();
}

/** The old connection tells nothing any more: the network is another, or the page was put by. */
function drop() {
  if (socket) lost(socket);
}

function wake() {
  look();
  comeBack();
}

document.addEventListener("visibilitychange", wake);
document.addEventListener("resume", wake);
addEventListener("pageshow", ({ persisted }) => persisted && wake());
addEventListener("pagehide", drop);
addEventListener("offline", drop);
addEventListener("online", () => {
  drop();
  comeBack();
});
const changes = new MutationObserver(() => {
  gather();
  show();
});
changes.observe(document.body, { childList: true, subtree: true });
setInterval(look, BEAT_MS);
gather();
