/**
 * Keeps a page's numbers true: one socket for all topics on the page, polling where sockets are
 * blocked, and one honest line about the connection. Without it a reload shows the same.
 */

import { Topic, fill, say, speak } from "./topic.js";

const BEAT_MS = 1_000; // how often we look at the time
const SILENCE_MS = 14_000; // the server gives a sign of life at least every 11 s
const OFF_MS = 10_000; // not live for so long: say from when the numbers are
const FIRST_MS = [1_000, 5_000, 15_000, 30_000]; // pauses, up to, while no socket ever worked
const AGAIN_MS = [15_000, 15_000, 15_000, 30_000]; // no second brings a tenth of us back
const POLL_MS = [2_000, 15_000];
const TRIES = 2; // failed handshakes before polling
const FOR_GOOD = new Set([4400, 4403, 4413]); // realtime/codes.py: coming back would not help
const LATER = new Set([4408, 4429]);

const language = document.documentElement.lang || undefined;
const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const hidden = () => document.visibilityState === "hidden";

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
const names = new Set([...document.querySelectorAll("[data-topic]")].map((e) => e.dataset.topic));
const topics = new Map([...names].map((name) => [name, new Topic(name)]));

// ---- the connection, and the line about it ----
let socket = null;
let heardAt = Date.now(); // when we last knew that the numbers were true
let polledAt = 0; // … by asking, without a socket
let liveUntil = Date.now(); // when the line last said so
let lookedAt = Date.now();
let triedAt = 0;
let failures = 0;
let worked = false;
let attempt = null;
let poll = null;
let asking = false;
let state = "";
let ended = false;
let lastWord = ""; // why the server ended the socket, in the page's language

function line(next) {
  const time = hour.format(heardAt);
  for (const place of document.querySelectorAll(".conn[data-live-text]")) {
    const why = next === "live" || next === "off" ? "" : lastWord;
    const text = why || fill(place.dataset[`${next}Text`] ?? "", { time });
    if (text && text !== place.textContent) place.textContent = text;
    place.classList.toggle("conn--live", next === "live");
    place.classList.toggle("conn--away", next === "away" || next === "paused");
    place.classList.toggle("conn--off", next === "off");
    if (next === "off" && state !== "off") say(text, null, true);
  }
  state = next;
}

function look() {
  const now = Date.now();
  const slept = now - lookedAt > SILENCE_MS;
  lookedAt = now;
  if (socket && now - Math.max(heardAt, triedAt) > SILENCE_MS) lost(socket, 0);
  if (slept && !hidden()) connect();
  if (state === "live") liveUntil = now;
  const polled = now - polledAt <= POLL_MS[1] + OFF_MS;
  if (state !== "live" && now - liveUntil > OFF_MS) line(polled ? "paused" : "off");
  speak();
}

function connect() {
  clearTimeout(attempt);
  attempt = null;
  if (ended || socket || !topics.size) return;
  const asked = [...topics.values()].map((topic) => topic.place).join(",");
  const address = new URL(`/ws/?topics=${asked}&lang=${language ?? ""}`, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  triedAt = Date.now();
  const mine = (socket = new WebSocket(address));
  mine.onmessage = (event) => socket === mine && hear(JSON.parse(event.data));
  mine.onclose = (event) => socket === mine && lost(mine, event.code);
}

/** The socket has ended, or says nothing any more: come back, but not all of us at once. */
function lost(old, code) {
  const spread = (worked ? AGAIN_MS : FIRST_MS)[Math.min(failures, 3)];
  socket = null;
  old.close();
  failures += 1;
  ended = FOR_GOOD.has(code);
  lastWord = document.getElementById("close-sentences")?.dataset[`c${code}`] ?? "";
  if (ended || (state !== "off" && state !== "paused")) line(ended ? "paused" : "away");
  if (ended || failures >= TRIES) ask();
  const pause = Math.random() * spread + (LATER.has(code) ? POLL_MS[1] : 0);
  if (!ended) attempt = setTimeout(connect, pause);
}

function hear(message) {
  [heardAt, failures, worked] = [Date.now(), 0, true];
  clearTimeout(poll);
  poll = null;
  if (state !== "live") line("live");
  const topic = topics.get(message.t);
  if (!topic) return;
  if (message.g) topic.gauge(message.g, message.v, message.d);
  else if (message.n) fact(topic, message);
  else if (message.reset || topic.at === null) topic.at = message.at;
  else if (message.at > topic.at) missed(topic);
  if (message.reset) topic.changed("reset");
}

const missed = (topic) => socket.send(JSON.stringify({ seen: topic.place }));

function fact(topic, { n, k, d }) {
  if (topic.at !== null && n > topic.at + 1) missed(topic);
  if (topic.at !== null && n !== topic.at + 1) return;
  topic.at = n;
  topic.changed(k, d);
}

/** Without a socket: the tally by an ordinary request, seldom when it is slow or nobody looks. */
async function ask() {
  if (asking) return;
  asking = true;
  clearTimeout(poll);
  const began = Date.now();
  for (const topic of hidden() ? [] : topics.values()) {
    if (await topic.fetch().catch(() => false)) heardAt = polledAt = Date.now();
  }
  const pause = polledAt < began ? POLL_MS[1] : clamp(20 * (Date.now() - began), ...POLL_MS);
  asking = false;
  if (state !== "live") poll = setTimeout(ask, pause * (0.75 + Math.random() / 2));
}

/** The page is looked at again, or the network is back: no need to wait for our turn. */
function wake() {
  look();
  if (hidden()) return;
  if (poll !== null) ask();
  if (!socket) connect();
}

document.addEventListener("visibilitychange", wake);
addEventListener("online", wake);
addEventListener("offline", () => socket && lost(socket, 0));
setInterval(look, BEAT_MS);
connect();
