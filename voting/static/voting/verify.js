/**
 * The page /verify/: a receipt is read and checked here, in the visitor's browser, against the
 * poll's manifest and its log; nothing is uploaded. A whole record is checked by another program.
 */

import { hex } from "./ballot.js";
import { inWords } from "./form.js";
import { parseProof } from "./log.js";
import { readManifest } from "./manifest.js";
import { checkReceipt } from "./receipt.js";
import { ask } from "./requests.js";
import { LogReader } from "./tiles.js";
import { canSay, out, part, say } from "./words.js";

const root = document.getElementById("verify");
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** Something that keeps us from checking at all, under the key of its sentence. */
class Unreadable extends Error {}

async function read(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new Unreadable("record"); // a zip begins "PK"
  let receipt;
  try {
    receipt = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof receipt.leaf !== "string") throw new Unreadable("not-a-receipt");
  } catch {
    throw new Unreadable("not-a-receipt");
  }
  return receipt;
}

/** Which poll: the proof's checkpoint names it; before there is one, the file's name does. */
function pollOf({ proof }, fileName) {
  const origin = proof ? parseProof(proof).note.split("\n", 1)[0] : fileName;
  const [uuid] = origin.match(UUID) ?? [];
  if (!uuid) throw new Unreadable("which-poll");
  return uuid;
}

async function manifestOf(poll) {
  const response = await ask(`/polls/${poll}/manifest.json`).catch((error) => {
    throw error.status === 404 ? new Unreadable("no-such-poll") : error;
  });
  return readManifest(new Uint8Array(await response.arrayBuffer()));
}

async function check(file) {
  clear();
  const receipt = await read(file);
  const poll = pollOf(receipt, file.name);
  const manifest = await manifestOf(poll);
  const reader = new LogReader(`/booth/${poll}/`, manifest.value.log, ask);
  out(root, "title", manifest.value.title);
  out(root, "manifest", hex(manifest.hash).match(/.{4}/g).join(" "));
  part(root, "findings", true);
  const findings = [];
  for await (const finding of checkReceipt(receipt, manifest, reader, Date.now())) {
    findings.push(finding);
    list().append(row(finding));
  }
  conclude(findings);
  if (findings.every(({ good }) => good !== false)) showChoice(receipt, manifest.value);
}

const list = () => root.querySelector("[data-list=checks]");

function row({ check: name, good, why }) {
  const { content } = document.querySelector("template[data-row]");
  const item = content.cloneNode(true).firstElementChild;
  item.dataset.good = String(good); // "true", "false", or "null" for not yet
  item.classList.toggle("done", good === true);
  item.classList.toggle("failed", good === false);
  out(item, "check", say(`check-${name}`));
  const meaning = { true: "", false: `failed-${name}`, null: `open-${name}` }[good];
  out(item, "meaning", meaning && canSay(meaning) ? say(meaning) : "");
  out(item, "why", why);
  part(item, "failed", good === false);
  part(item, "passed", good === true);
  part(item, "open", good === null);
  return item;
}

/** The verdict; what failed goes to the top of the list once all is known. */
function conclude(findings) {
  const bad = findings.some(({ good }) => good === false);
  const open = findings.some(({ good }) => good === null);
  list().prepend(...list().querySelectorAll('[data-good="false"]'));
  out(root, "verdict", say(bad ? "verdict-bad" : open ? "verdict-open" : "verdict-good"));
  root.dataset.verdict = bad ? "bad" : open ? "open" : "good";
}

function showChoice({ leaf }, manifest) {
  const { choice } = JSON.parse(leaf);
  const lines = manifest.results === "sealed" ? [] : inWords(choice, manifest);
  part(root, "choice", manifest.results !== "sealed");
  part(root, "blank", lines.length === 0);
  const item = (line) => Object.assign(document.createElement("li"), { textContent: line });
  root.querySelector("[data-list=choice]")?.replaceChildren(...lines.map(item));
}

function clear() {
  list().replaceChildren();
  delete root.dataset.verdict;
  for (const name of ["verdict", "problem", "title", "manifest"]) out(root, name);
  for (const name of ["findings", "choice", "blank"]) part(root, name, false);
}

/** Check a file, and say so plainly where that cannot be done. */
async function take(file) {
  if (!file) return;
  await check(file).catch((error) => {
    const key = error instanceof Unreadable ? error.message : (error.key ?? "cannot-check");
    out(root, "problem", say(canSay(key) ? key : "cannot-check"));
  });
}

const field = root.querySelector("input[type=file]");
field.addEventListener("change", () => take(field.files[0]));
const drop = root.querySelector("[data-drop]");
for (const type of ["dragenter", "dragover", "dragleave", "drop"])
  drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", type === "dragenter" || type === "dragover");
    if (type === "drop") take(event.dataTransfer.files[0]);
  });
if (!globalThis.crypto?.subtle) out(root, "problem", say("insecure"));
part(root, "ready", true);
