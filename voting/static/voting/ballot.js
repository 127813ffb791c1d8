/**
 * The voter's side of Ballot protocol 1 (/verify/protocol): from a seed to a signed ballot.
 * It stores nothing and sends nothing, so that it can be read on its own; vote.js does both.
 * Not constant time: it runs on the voter's own device, with secrets that device made.
 */

const crypto = globalThis.crypto?.subtle;
export const utf8 = (text) => new TextEncoder().encode(text);
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
export const text = (bytes) => strict.decode(bytes);
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
export const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (d) => parseInt(d, 16));
export const toInt = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);
export const toBytes = (int, length) => unhex(int.toString(16).padStart(2 * length, "0"));
export const digest = async (name, bytes) => new Uint8Array(await crypto.digest(name, bytes));
export const sha256 = (bytes) => digest("SHA-256", bytes);

/** Several byte arrays joined into one. */
export function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

// ---- how things are written down ----
/** Standard base64 of bytes, and back; refuses what it would not have written itself. */
export const base64 = (bytes) => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
export function unbase64(written) {
  const bytes = Uint8Array.from(atob(written), (sign) => sign.charCodeAt(0));
  if (base64(bytes) !== written) throw new Error("not base64 in its one form");
  return bytes;
}

/** base64url without padding, and back; stray bits and padding are refused. */
export const base64url = (bytes) =>
  base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
export function unbase64url(written) {
  if (/[^\w-]/.test(written)) throw new Error("not base64url");
  const standard = written.replaceAll("-", "+").replaceAll("_", "/");
  return unbase64(standard + "=".repeat(-written.length & 3));
}

/** The one way to write a value as JSON (RFC 8785, whole numbers only): what is signed. */
export function canonical(value) {
  if ([null, true, false].includes(value) || Number.isSafeInteger(value)) return `${value}`;
  if (typeof value === "string" && !/\p{Surrogate}/u.test(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new Error("not a value of canonical JSON");
  const field = (name) => `${canonical(name)}:${canonical(value[name])}`;
  return `{${Object.keys(value).sort().map(field).join(",")}}`; // sort() is by UTF-16 unit
}

// ---- the voter's keys: all of them come from one seed ----
/** D(name, length): HKDF-SHA256, bound to this poll's manifest, so no two polls share a key. */
export async function derive(seed, name, length, manifestHash) {
  const key = await crypto.importKey("raw", seed, "HKDF", false, ["deriveBits"]);
  const info = join(utf8(`civic-ballot/1 ${name}\n`), manifestHash);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: join(), info }; // an empty salt
  return new Uint8Array(await crypto.deriveBits(hkdf, key, 8 * length));
}

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n; // P-256, FIPS 186-5
export const ORDER = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const GX = BigInt("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
const GY = BigInt("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
export const mod = (a, m) => ((a % m) + m) % m;

/** The inverse of a modulo m, by Euclid; throws if they share a factor. */
export function inverse(a, m) {
  let [r0, r1, t0, t1] = [m, mod(a, m), 0n, 1n];
  while (r1) [r0, r1, t0, t1] = [r1, r0 % r1, t1, t0 - (r0 / r1) * t1];
  if (r0 !== 1n) throw new Error("no inverse");
  return mod(t0, m);
}

/** The public point of secret d, 65 bytes: double and add, which cannot meet itself for 0<d<n. */
export function publicPoint(d) {
  let [x, y, z] = [GX, GY, 1n]; // x/z², y/z³: one division at the end instead of 256
  for (const bit of d.toString(2).slice(1)) {
    const [yy, zz] = [mod(y * y, P), mod(z * z, P)];
    const [s, m] = [4n * x * yy, 3n * (x - zz) * (x + zz)];
    z = mod(2n * y * z, P);
    x = mod(m * m - 2n * s, P);
    y = mod(m * (s - x) - 8n * yy * yy, P);
    if (bit === "0") continue;
    const z2 = mod(z * z, P);
    const [h, r] = [mod(GX * z2 - x, P), mod(GY * z2 * z - y, P)];
    const [h2, old] = [h * h, y];
    const v = mod(x * h2, P);
    x = mod(r * r - h2 * h - 2n * v, P);
    y = mod(r * (v - x) - old * h2 * h, P);
    z = mod(z * h, P);
  }
  const i = inverse(z, P);
  return join([4], toBytes(mod(x * i * i, P), 32), toBytes(mod(y * i * i * i, P), 32));
}

/** Everything a voter needs for one poll; the token message starts with its own randomiser. */
export async function voter(seed, manifest) {
  const D = (name, length) => derive(seed, name, length, manifest.hash);
  const d = 1n + (toInt(await D("key", 48)) % (ORDER - 1n));
  const [key, prefix, salt] = [publicPoint(d), await D("prefix", 32), await D("salt", 48)];
  const r = 1n + (toInt(await D("blind", manifest.k + 16)) % (manifest.n - 1n));
  return { d, key, prefix, salt, r, message: tokenMessage(prefix, manifest.hash, key) };
}

/** What the issuer signs without seeing it: 150 bytes. */
export const tokenMessage = (prefix, manifestHash, key) =>
  join(prefix, utf8("civic-ballot/1 token\n"), manifestHash, key);

// ---- the pass: RFC 9474, RSABSSA-SHA384-PSS-Randomized ----
/** EMSA-PSS (RFC 8017 9.1.1) with SHA-384 and MGF1-SHA-384. */
export async function encodePss(message, bits, salt) {
  const length = Math.ceil(bits / 8);
  const hash = await digest("SHA-384", message);
  const h = await digest("SHA-384", join(new Uint8Array(8), hash, salt));
  const block = join(new Uint8Array(length - salt.length - h.length - 2), [1], salt);
  for (let at = 0, counter = 0; at < block.length; at += h.length, counter += 1) {
    const mask = await digest("SHA-384", join(h, toBytes(BigInt(counter), 4)));
    mask.forEach((byte, i) => at + i < block.length && (block[at + i] ^= byte));
  }
  block[0] &= 0xff >> (8 * length - bits);
  return join(block, h, [0xbc]);
}

const power = (a, exponent, n) =>
  [...exponent.toString(2)].reduce((x, bit) => (x * x * (bit === "1" ? a : 1n)) % n, 1n);

/** The message behind a blind (4.2): what the issuer sees, equally likely for every voter. */
export async function blind({ n, e, k }, message, salt, r) {
  const m = toInt(await encodePss(message, n.toString(2).length - 1, salt));
  inverse(m, n); // step 4: m must not share a factor with n
  return toBytes((m * power(r, e, n)) % n, k);
}

/** The blind taken off the issuer's answer (4.4): the token. A wrong signature is refused. */
export async function finalize({ n, e, k }, message, signed, r, saltLength = 48) {
  if (signed.length !== k) throw new Error("the issuer's signature has another length");
  const token = toBytes((toInt(signed) * inverse(r, n)) % n, k);
  if (await checkToken({ n, e, k }, message, token, saltLength)) return token;
  throw new Error("the issuer's signature is wrong");
}

/** True if token is the issuer's signature on message. */
export async function checkToken({ n, e, k }, message, token, saltLength = 48) {
  const jwk = { kty: "RSA", n: base64url(toBytes(n, k)), e: base64url(toBytes(e, 3)) };
  const pss = { name: "RSA-PSS", hash: "SHA-384", saltLength };
  return crypto.verify(pss, await crypto.importKey("jwk", jwk, pss, 0, ["verify"]), token, message);
}

// ---- the ballot ----
export const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** The bytes that a ballot's signature covers: the leaf without it, after a label. */
export const ballotMessage = ({ sig, ...rest }) =>
  utf8(`civic-ballot/1 ballot\n${canonical(rest)}`);

/** The exact text of a signed ballot. Signatures differ each time: store it before sending. */
export async function ballot(choice, { d, key, prefix }, token, manifest) {
  const leaf = { v: 1, type: "ballot", choice, manifest: manifest.field };
  Object.assign(leaf, { key: base64url(key), prefix: base64url(prefix), token: base64url(token) });
  const [x, y, secret] = [key.slice(1, 33), key.slice(33), toBytes(d, 32)].map(base64url);
  const jwk = { kty: "EC", crv: "P-256", d: secret, x, y };
  const signer = await crypto.importKey("jwk", jwk, ECDSA, false, ["sign"]);
  const raw = new Uint8Array(await crypto.sign(ECDSA, signer, ballotMessage(leaf)));
  return canonical({ ...leaf, sig: base64url(lowS(raw)) });
}

/** Of the two valid values of s the lower one, so that nobody can make a second ballot of one. */
export function lowS(raw) {
  const s = toInt(raw.slice(32));
  return join(raw.slice(0, 32), toBytes(2n * s > ORDER ? ORDER - s : s, 32));
}

/** The ballot's place-finder in the log (RFC 6962): SHA-256(0x00 and the exact leaf). */
export const leafHash = (leaf) => sha256(join([0], typeof leaf === "string" ? utf8(leaf) : leaf));

// ---- the recovery code ----
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford: no I, L, O, U

/** The seed as 55 signs in 11 groups, with two bytes of its hash against slips of the pen. */
export async function recoveryCode(seed) {
  const all = join(seed, (await sha256(seed)).slice(0, 2));
  const bits = Array.from(all, (b) => b.toString(2).padStart(8, "0")).join("") + "000";
  const sign = (five) => SIGNS[parseInt(five, 2)];
  return bits.replace(/.{5}/g, sign).match(/.{5}/g).join("-");
}

/** The seed behind a code: case, spaces and hyphens do not matter; O is 0, I and L are 1. */
export async function seedFromCode(code) {
  const signs = code.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const five = (sign) => SIGNS.indexOf(sign).toString(2).padStart(5, "0");
  const bytes = Array.from(signs, five).join("").slice(0, 256).match(/.{8}/g) ?? [];
  const seed = Uint8Array.from(bytes, (byte) => parseInt(byte, 2));
  if ((await recoveryCode(seed)).replaceAll("-", "") === signs) return seed;
  throw new Error("not a recovery code, or one with a slip of the pen");
}
