"""Records to verify: the golden ones of the worked example, new ones, and forged ones.

A forger here knows every key of the poll, as an operator does; voters' keys are their own.
"""

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field, replace
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.paths import shared
from voting.verify.checks import Trust, verify

LIVE, SEALED = 0, 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@cache
def example():
    return json.loads(shared("vectors", "civic-ballot-1.json").read_text())


def poll(which=LIVE):
    return example()["polls"][which]


def canon(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def b64u(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def edited(leaf, **changes):
    """The leaf with fields changed, in canonical form."""
    return canon({**json.loads(leaf), **changes})


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def tree_root(digests):
    """RFC 6962 section 2.1, word for word."""
    if len(digests) < 2:
        return digests[0] if digests else hashlib.sha256().digest()
    split = 1 << (len(digests) - 1).bit_length() - 1
    left, right = tree_root(digests[:split]), tree_root(digests[split:])
    return hashlib.sha256(b"\1" + left + right).digest()


def tiles(leaves):
    """Names and bytes of every tile and bundle at final size."""
    made, row, level = {}, [leaf_hash(leaf) for leaf in leaves], 0
    for start in range(0, len(leaves), 256):
        part = leaves[start : start + 256]
        body = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in part)
        made[_tile("entries", start // 256, len(part))] = body
    while row:
        for start in range(0, len(row), 256):
            part = row[start : start + 256]
            made[_tile(level, start // 256, len(part))] = b"".join(part)
        full = range(0, len(row) // 256 * 256, 256)
        row, level = [tree_root(row[start : start + 256]) for start in full], level + 1
    return made


def _tile(level, index, width):
    assert index < 1000
    return f"tiles/{level}/{index:03d}" + ("" if width == 256 else f".p/{width}")


@dataclass(frozen=True)
class Draft:
    """A record in parts; ``sealed_again`` makes a forged log consistent and rightly signed."""

    leaves: list
    notes: dict
    log_seed: bytes
    origin: str
    manifest: bytes = None
    result: bytes = None
    extra: dict = field(default_factory=dict)
    without: tuple = ()

    def sealed_again(self, sizes=None):
        """Sign new checkpoints at ``sizes`` (those there were, up to the log's end)."""
        sizes = set(self.notes) if sizes is None else set(sizes)
        kept = {size for size in sizes if size < len(self.leaves)} | {len(self.leaves)}
        return replace(self, notes={size: self.signed(size) for size in kept})

    def signed(self, size, leaves=None):
        digests = [leaf_hash(leaf) for leaf in (leaves or self.leaves)[:size]]
        root = base64.b64encode(tree_root(digests)).decode()
        text = f"{self.origin}\n{size}\n{root}\n"
        key = Ed25519PrivateKey.from_private_bytes(self.log_seed)
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        hint = hashlib.sha256(f"{self.origin}\n\1".encode() + public).digest()[:4]
        line = base64.b64encode(hint + key.sign(text.encode())).decode()
        return f"{text}\n— {self.origin} {line}\n".encode()

    def entries(self):
        results = [leaf for leaf in self.leaves if b'"type":"result"' in leaf]
        made = {
            "manifest.json": self.manifest or self.leaves[0],
            "leaves.jsonl": b"".join(leaf + b"\n" for leaf in self.leaves),
            **{f"checkpoints/{size:010d}": note for size, note in self.notes.items()},
            **tiles(self.leaves),
        }
        if self.result or results:
            made["result.json"] = self.result or results[-1]
        made |= self.extra
        return {name: body for name, body in made.items() if name not in self.without}

    def zip(self):
        return zipped(self.entries())


def zipped(entries):
    """The one deterministic form: stored, sorted, dated 1980-01-01, mode 0644."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, entries[name])
    return stream.getvalue()


def golden(which=LIVE):
    """The worked example's record, byte for byte."""
    found = poll(which)
    notes = {point["size"]: point["note"].encode() for point in found["checkpoints"]}
    leaves = [leaf.encode() for leaf in found["leaves"]]
    origin = json.loads(found["manifest"])["log"]["origin"]
    return Draft(leaves, notes, bytes.fromhex(found["log_private_seed"]), origin)


def report_on(draft, **trust):
    record = draft if isinstance(draft, bytes) else draft.zip()
    return verify(io.BytesIO(record), Trust(**trust), lambda leaves: None)


def codes(draft, level="red", **trust):
    """The codes of all findings of one colour."""
    findings = report_on(draft, **trust).findings
    return {finding.code for finding in findings if finding.level == level}


def issuer(which=LIVE):
    number = {name: int(text, 16) for name, text in poll(which)["issuer_private"].items()}
    n, e, d, p, q = (number[name] for name in "nedpq")
    halves = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *halves, rsa.RSAPublicNumbers(e, n)).private_key()


def ballot(choice, manifest, signer, key=None, **changes):
    """A ballot by a new voter whose token ``signer`` signed; ``changes`` are signed too."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    digest, prefix = hashlib.sha256(manifest).digest(), hashlib.sha256(public).digest()
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
    message = prefix + b"civic-ballot/1 token\n" + digest + public
    leaf = {
        "choice": choice,
        "key": b64u(public),
        "manifest": b64u(digest),
        "prefix": b64u(prefix),
        "token": b64u(signer.sign(message, pss, hashes.SHA384())),
        "type": "ballot",
        "v": 1,
        **changes,
    }
    return signed_ballot(leaf, key)


def signed_ballot(leaf, key):
    """The leaf with its signature, s in the lower half."""
    message = b"civic-ballot/1 ballot\n" + canon(leaf)
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    sig = r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")
    return canon({**leaf, "sig": b64u(sig)})


def new_manifest(**changes):
    """The live example's manifest with fields changed: same keys, another poll."""
    return edited(poll(LIVE)["manifest"], **changes)


def record_of(manifest, choices, result, passes=None, merge=256):
    """A whole record: ballots for ``choices`` merged by ``merge``, closed, with ``result``."""
    signer = issuer()
    ballots = [ballot(choice, manifest, signer) for choice in choices]
    leaves, sizes = [manifest], {1}
    for start in range(0, len(ballots), merge):
        leaves += sorted(ballots[start : start + merge], key=leaf_hash)
        sizes.add(len(leaves))
    about = {"manifest": b64u(hashlib.sha256(manifest).digest()), "v": 1}
    passes = len(ballots) if passes is None else passes
    close = {"type": "close", "ballots": len(ballots), "passes": passes, "assisted": 0}
    leaves.append(canon({**about, **close}))
    sizes.add(len(leaves))
    filled = {"ballots": len(ballots), "code": "test", "reason": None, "type": "result"}
    leaves.append(canon({**about, **filled, **result}))
    value = json.loads(manifest)
    seed = bytes.fromhex(poll(LIVE)["log_private_seed"])
    return Draft(leaves, {}, seed, value["log"]["origin"]).sealed_again(sizes)
