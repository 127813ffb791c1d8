/**
 * A poll's manifest as the voter's client needs it: exact bytes in, keys and hash out.
 * Whether the poll is a good one is not judged here; a version it does not know is refused.
 */

import { base64url, canonical, sha256, text, toInt, unbase64url } from "./ballot.js";

const ALGORITHM = "RSABSSA-SHA384-PSS-Randomized";

/** What `bytes` say. `field` is how ballots name the manifest; n, e, k are the issuer's key. */
export async function readManifest(bytes) {
  const value = JSON.parse(text(bytes));
  if (canonical(value) !== text(bytes)) throw new Error("the manifest is not in canonical form");
  const known = value.v === 1 && value.type === "manifest" && value.quorum === 1;
  if (!known || value.revote !== false || value.issuers.length !== 1)
    throw new Error("a manifest of a version that this client does not know");
  const [issuer] = value.issuers;
  const n = unbase64url(issuer.n);
  const sound = [256, 384].includes(n.length) && n[0] >= 128 && issuer.e === 65537;
  if (!sound || issuer.alg !== ALGORITHM) throw new Error("an issuer key that is not allowed");
  const hash = await sha256(bytes);
  const key = { n: toInt(n), e: BigInt(issuer.e), k: n.length };
  return { value, bytes, hash, field: base64url(hash), ...key };
}
