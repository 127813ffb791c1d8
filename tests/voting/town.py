"""A town's server as a voter's client sees it: the protocol's addresses in memory, with faults.

It stands for somebody else's server, which may be slow, gone, or lying; ours has its own tests.
"""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.voting.sample import LOG_SEED, issuer, manifest
from voting.crypto import ed25519
from voting.crypto.intake import check_ballot
from voting.domain import leaves, merkle, notes, promises, tiles
from voting.domain.refusal import Refusal
from voting.domain.tlog_proofs import format_proof

STATUS = {"key-used": 409, "pass-taken": 409, "closed": 410}


class Town:
    def __init__(self, terms=None):
        self.manifest = terms or manifest()
        self.log = [self.manifest.raw, leaves.note_leaf(self.manifest.field, "Welcome.")]
        self.intake = {}
        self.passes = {}
        self.seen = []
        self.faults = []
        self.merge_at_once = True
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Here", (Handler,), {"town": self})
        )
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.booth = self.origin.replace("127.0.0.1", "localhost")
        self.poll = f"{self.origin}/polls/{self.manifest.poll}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def merge(self):
        waiting = [leaf for leaf in self.intake.values() if leaf not in self.log]
        self.log += sorted(waiting, key=merkle.leaf_hash)

    def note(self, size=None):
        hashes = [merkle.leaf_hash(leaf) for leaf in self.log[:size]]
        return signed_note(self.manifest, len(hashes), merkle.root(hashes))

    def hashes(self, level=0):
        leaves = [merkle.leaf_hash(leaf) for leaf in self.log]
        step = 1 << level
        return [merkle.root(leaves[i : i + step]) for i in range(0, len(leaves) - step + 1, step)]

    def sign_pass(self, session, z):
        if self.passes.setdefault(session, z) != z:
            raise Refusal("pass-taken", "You have your pass.")
        return issuer().blind_sign(z)

    def take(self, raw):
        ballot = check_ballot(raw, self.manifest)
        if self.intake.setdefault(ballot.key, raw) != raw:
            raise Refusal("key-used", "Another ballot was cast with this pass.")
        if self.merge_at_once:
            self.merge()
        return self.promise(ballot.leaf_hash.hex())

    def promise(self, leaf, seed=LOG_SEED, delay=120):
        by = promises.deadline(datetime.now(UTC), delay)
        message = promises.promise_message(by, leaf, self.manifest.field)
        return promises.promise(by, leaf, ed25519.sign(seed, message))

    def board(self, path):
        if path == "checkpoint":
            return self.note().encode()
        if path.startswith("proof/"):
            return "".join(self.proof(i) for i in self.among(path[6:])).encode()
        tile = tiles.parse_path(path.removeprefix("tile/"))
        part = slice(tile.start, tile.start + tile.width)
        if tiles.width(tile.level, tile.index, len(self.log)) < tile.width:
            raise Refusal("tile", "The log is not that long.")
        if tile.level is None:
            return tiles.bundle(self.log[part])
        return b"".join(self.hashes(tile.node_level)[part])

    def among(self, digits):
        prefix = "" if digits == "all" else digits
        return [i for i, h in enumerate(self.hashes()) if h.hex().startswith(prefix)]

    def proof(self, index):
        path = merkle.inclusion_proof(index, len(self.log), lambda lv, i: self.hashes(lv)[i])
        return format_proof(self.hashes()[index], index, path, self.note())


def signed_note(terms, size, root):
    text = notes.checkpoint_text(terms.origin, size, root)
    return notes.note(text, terms.origin, terms.log_key_id, ed25519.sign(LOG_SEED, text.encode()))


class Handler(BaseHTTPRequestHandler):
    town = None

    def do_GET(self):
        self.work(self.get)

    def do_POST(self):
        self.work(self.post)

    def work(self, act):
        self.cookies = {}
        where = self.path.split("/", 3)[3]
        self.town.seen.append((self.command, self.path, dict(self.headers)))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = next((f for f in self.town.faults if f[0] == (self.command, where)), None)
        if fault:
            self.town.faults.remove(fault)
        kind = fault[1] if fault else ""
        if kind == "lost before":
            return self.connection.close()
        if kind == "busy":
            return self.answer(503, b"{}", {"Retry-After": "0"})
        if kind == "elsewhere":
            return self.answer(302, b"", {"Location": "http://127.0.0.1:1/"})
        try:
            status, content = act(where, body)
        except Refusal as refusal:
            problem = {"code": refusal.code, "detail": str(refusal), "next": "/there/"}
            status = 404 if refusal.code == "tile" else STATUS.get(refusal.code, 422)
            content = json.dumps(problem).encode()
        if kind == "lost after":
            return self.connection.close()
        self.answer(status, kind if isinstance(kind, bytes) else content, self.cookies)

    def get(self, where, body):
        if self.path.startswith("/booth/"):
            return 200, self.town.board(where)
        if where == "":
            self.cookies = {"Set-Cookie": "csrftoken=c0ffee; Path=/"}
            if "sessionid" not in self.headers.get("Cookie", ""):
                session = f"sessionid=s{len(self.town.seen)}; HttpOnly; Path=/"
                self.cookies |= {"set-cookie": session}
            return 200, b"<html>"
        if where == "manifest.json":
            return 200, self.town.manifest.raw
        return 200, json.dumps({"booth": f"{self.town.booth}/booth/x/"}).encode()

    def post(self, where, body):
        if self.path.startswith("/booth/"):
            assert where == "ballots"
            assert self.headers["Content-Type"].split(";")[0] == "text/plain"
            return 202, self.town.take(body)
        assert where == "pass"
        assert self.headers["Origin"] == self.town.origin
        assert self.headers["X-CSRFToken"] == "c0ffee"
        assert self.headers["Content-Type"] == "application/octet-stream"
        session = self.headers["Cookie"].split("sessionid=")[1].split(";")[0]
        return 200, self.town.sign_pass(session, body)

    def answer(self, status, content, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass
