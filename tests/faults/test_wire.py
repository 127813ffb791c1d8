"""What no browser sends, byte by byte; and that the server's log says nothing private of it all."""

import base64
import json
import re
import socket
import uuid
from urllib.parse import urlsplit

import pytest

from voting.client import Voter


def test_requests_that_no_browser_sends_are_4xx_and_the_town_goes_on(town):
    key = town.poll()
    host = urlsplit(town.server.site).netloc
    starts = [
        b"GET /\xff\xfe HTTP/1.1", b"GET /polls/%ff%fe/ HTTP/1.1", b"GET /%00 HTTP/1.1",
        b"GET /?q=%00&page=%ed%a0%80 HTTP/1.1", b"GET " + b"/x" * 40_000 + b" HTTP/1.1",
        f"POST /booth/{key}/ballots HTTP/1.1\r\nContent-Length: -1".encode(),
        f"POST /booth/{key}/ballots HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6".encode(),
        f"POST /booth/{key}/ballots HTTP/1.1\r\nTransfer-Encoding: chunked".encode(),
        b"GET / HTTP/1.1\r\nCookie: sessionid=\"\\000\\000\\000\\000\\000\\000\\000\\000\"",
        b"GET / HTTP/1.1\r\nCookie: " + b"\xff" * 100, b"GET / HTTP/1.1\r\nAccept: \x00\x01",
        b"BREW / HTTP/1.1", b"GET http://evil.example/ HTTP/1.1", b"GET * HTTP/1.1",
        b"\x16\x03\x01",
        b"GET / HTTP/1.1\r\nHost: evil.example", b"GET / HTTP/9.9", b"OPTIONS * HTTP/1.1",
    ]  # fmt: skip
    for start in starts:
        with socket.create_connection(("127.0.0.1", town.server.port), timeout=5) as line:
            named = b"" if b"Host:" in start else f"\r\nHost: {host}".encode()
            line.sendall(start + named + b"\r\nConnection: close\r\n\r\n")
            try:
                line.shutdown(socket.SHUT_WR)
                answer = line.recv(64)
            except OSError:  # the server has hung up already, or says nothing
                answer = b""
        assert not answer or answer[9:10] in b"234", (start, answer)
    assert town.server.is_ready()
    assert "Traceback" not in town.server.log()


@pytest.mark.adversary("I13")
def test_no_line_of_the_log_holds_an_address_a_token_or_a_key(town):
    """After good votes, bad ones, refusals, lost lines and a broken request of every kind."""
    key = town.poll()
    manifest, secret = town.manifest(key), []
    for _ in range(3):
        session, voter = town.session(key), Voter.new(manifest)
        voter.finish(town.collect(key, voter.blinded, session).body)
        raw = voter.ballot("a")
        town.cast(key, raw)
        town.cast(key, voter.ballot("b"))
        town.cast(key, raw.replace(b'"a"', b'"b"'))
        town.collect(key, b"not a message", session)
        town.collect(key, Voter.new(manifest).blinded, session)
        secret += [voter.seed, voter.key, voter.token, voter.blinded, voter.prefix]
        secret += [part.split("=", 1)[1].encode() for part in session["Cookie"].split("; ")]
        secret += [value.encode() for name, value in json.loads(raw).items()
                   if name in ("key", "token", "prefix", "sig")]  # fmt: skip
    town.cast(key, b"\xff" * 100)
    town.cast(str(uuid.uuid4()), b"{}")
    town.get(f"/booth/{key}/tile/9/999")
    town.get("/nothing/here?who=Ann")
    town.wait(lambda: json.loads(town.get(f"/polls/{key}/tally.json").body)["ballots"] == 3)
    log = town.server.log()
    for value in secret:
        for written in {value, value.hex().encode(), base64.urlsafe_b64encode(value)[:40]}:
            assert written.decode("latin-1") not in log
    without_own = log.replace(town.server.site, "").replace(town.server.booth, "")
    assert re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|::1\b", without_own) == []
    assert "Ann" not in log
    assert "/booth/" not in without_own
