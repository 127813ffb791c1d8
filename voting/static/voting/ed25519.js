/**
 * Ed25519 signatures on checkpoints and promises: the browser's own check, or ours where it has
 * none (Chromium got one in 2025, many phones never will). Nothing signs here.
 */

import { digest, inverse, join, mod, toInt } from "./ballot.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n; // order of the base point
const D = mod(-121665n * inverse(121666n, P), P);
const littleEndian = (bytes) => toInt(bytes.slice().reverse());

function power(a, exponent) {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === "1") result = (result * a) % P;
  }
  return result;
}

/** The point behind 32 bytes (RFC 8032 5.1.3), or null. */
function decode(bytes) {
  const y = mod(littleEndian(bytes), 2n ** 255n);
  const [u, v] = [mod(y * y - 1n, P), mod(D * y * y + 1n, P)];
  let x = (((u * v ** 3n) % P) * power((u * v ** 7n) % P, (P - 5n) / 8n)) % P;
  if ((v * x * x) % P !== u) x = (x * power(2n, (P - 1n) / 4n)) % P;
  if ((v * x * x) % P !== u || y >= P || (x === 0n && bytes[31] >> 7)) return null;
  if (Number(x & 1n) !== bytes[31] >> 7) x = P - x;
  return [x, y, 1n, (x * y) % P];
}

/** Sum of two points in extended coordinates (RFC 8032 5.1.4); it holds for equal ones too. */
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const [a, b] = [(y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)];
  const [c, d] = [2n * t1 * D * t2, 2n * z1 * z2];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a].map((value) => mod(value, P));
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

function times(scalar, point) {
  let sum = [0n, 1n, 1n, 0n];
  for (const bit of scalar.toString(2)) {
    sum = add(sum, sum);
    if (bit === "1") sum = add(sum, point);
  }
  return sum;
}

const BASE_BYTES = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1); // y = 4/5
const BASE = decode(BASE_BYTES);

/** The check of RFC 8032 5.1.7 in plain numbers, without cofactor, as OpenSSL does it. */
export async function verifyByHand(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const [r, s] = [signature.slice(0, 32), littleEndian(signature.slice(32))];
  const [a, R] = [decode(publicKey), decode(r)];
  if (!a || !R || s >= L) return false;
  const k = mod(littleEndian(await digest("SHA-512", join(r, publicKey, message))), L);
  const [left, right] = [times(s, BASE), add(R, times(k, a))];
  return mod(left[0] * right[2] - right[0] * left[2], P) === 0n
    && mod(left[1] * right[2] - right[1] * left[2], P) === 0n;
}

let own; // whether this browser knows Ed25519: asked once
const known = (publicKey) =>
  globalThis.crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);

/** True if `signature` is `publicKey`'s on `message`. */
export async function verifyEd25519(publicKey, message, signature) {
  own ??= await known(BASE_BYTES).then(() => true, () => false);
  if (!own) return verifyByHand(publicKey, message, signature);
  const key = await known(publicKey).catch(() => null);
  return key !== null && globalThis.crypto.subtle.verify("Ed25519", key, signature, message);
}
