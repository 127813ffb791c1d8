"""Storms of ballots at the real server: everyone is told the truth, and no ballot lost or doubled.

A change of vote (A13) is not tested here: ballots of this protocol cannot be changed.
"""

import http.client
import json
import random
import re
import signal
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.voting.crowds import ballots_of
from voting.client import check_promise
from voting.domain import canonical
from voting.domain.merkle import leaf_hash

KIND = {"Content-Type": "text/plain"}


def crowd(town, key, number):
    """The poll's manifest, and ballots of as many voters."""
    told = town.act(key, "print(poll.issuer_key.pem)")
    pem = re.search(r"-----BEGIN.*?END[A-Z ]+-----", told, re.DOTALL)[0]
    manifest = town.manifest(key)
    return manifest, list(ballots_of(manifest, pem, number))


def logged(town, key):
    """Leaf hashes of the ballots in the public log, each as often as it stands there."""
    entries = [entry for entry in town.entries(key) if entry["type"] == "ballot"]
    return Counter(leaf_hash(canonical.encode(entry)).hex() for entry in entries)


def count(town, key):
    return json.loads(town.get(f"/polls/{key}/tally.json").body)["ballots"]


@pytest.mark.adversary("A2")
@pytest.mark.timeout(300)
def test_two_thousand_voters_are_two_thousand_ballots_and_promises(town):
    key = town.poll()
    manifest, raws = crowd(town, key, 2_000)
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda raw: town.cast(key, raw), raws))
    promised = Counter()
    for raw, answer in zip(raws, answers, strict=True):
        assert answer.status == 202, answer
        promised[check_promise(answer.body, raw, manifest).leaf] += 1
    town.wait(lambda: count(town, key) == 2_000)
    assert logged(town, key) == promised == Counter(leaf_hash(raw).hex() for raw in raws)
    assert set(promised.values()) == {1}


def cast_on(line, key, raw):
    """Cast on an open line; the status, and the promise or the refusal. None if it was cut."""
    try:
        line.request("POST", f"/booth/{key}/ballots", raw, KIND)
        answer = line.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    except (OSError, http.client.HTTPException):
        return None


@pytest.mark.adversary("G9")
@pytest.mark.timeout(400)
def test_a_flood_of_spoilt_and_repeated_ballots_loses_and_doubles_none(town):
    """Each ballot four times, and rubbish, from many sides at once; who is told to wait repeats."""
    key = town.poll()
    manifest, raws = crowd(town, key, 400)
    rng = random.Random(9)
    rubbish = [raw.replace(b'"choice":"', b'"choice":"z', 1) for raw in raws]
    order = raws * 4 + rubbish
    rng.shuffle(order)
    spoilt = set(rubbish)

    def insist(raw):
        while (answer := town.cast(key, raw)).status == 503:
            assert answer.headers["Retry-After"] == "2"
            time.sleep(rng.uniform(0.1, 1))
        return raw, answer

    with ThreadPoolExecutor(100) as pool:
        for raw, answer in pool.map(insist, order):
            if raw in spoilt:
                assert (answer.status, answer.code) == (422, "signature")
            else:
                check_promise(answer.body, raw, manifest)
    town.wait(lambda: count(town, key) == 400)
    assert logged(town, key) == Counter(leaf_hash(raw).hex() for raw in raws)


@pytest.mark.adversary("A4")
@pytest.mark.timeout(300)
def test_a_server_that_is_asked_to_end_answers_or_cuts_but_never_promises_in_vain(town):
    key = town.poll()
    manifest, raws = crowd(town, key, 1_500)
    host = urlsplit(town.server.booth).netloc
    parts = [raws[place::30] for place in range(30)]
    answered = []

    def vote(part):
        line, found = http.client.HTTPConnection(host, timeout=60), []
        for raw in part:
            found.append(cast_on(line, key, raw))
            if found[-1] is None:
                break
            answered.append(raw)
        line.close()
        return list(zip(part, found, strict=False))

    with ThreadPoolExecutor(30) as pool:
        voters = [pool.submit(vote, part) for part in parts]
        town.wait(lambda: len(answered) >= 100)
        town.server.process.send_signal(signal.SIGTERM)
        told = [pair for voter in voters for pair in voter.result(timeout=60)]
        town.server.process.wait(60)
    assert "Traceback" not in town.server.log()
    assert "never retrieved" not in town.server.log()
    town.server.start()
    promised = [raw for raw, answer in told if answer and answer[0] == 202]
    assert 0 < len(promised) < len(raws), "it was asked to end in the middle"
    assert {answer[0] for _raw, answer in told if answer} <= {202, 503}
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda raw: town.cast(key, raw), raws))
    for raw, answer in zip(raws, answers, strict=True):
        check_promise(answer.body, raw, manifest)
    town.wait(lambda: count(town, key) == 1_500)
    assert logged(town, key) == Counter(leaf_hash(raw).hex() for raw in raws)


def on_the_wire(town, path, head, body):
    """The answer to a request written by hand: status line, headers without date, body."""
    port = town.server.port
    start = f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n"
    with socket.create_connection(("localhost", port), timeout=60) as line:
        line.sendall(start.encode() + head + b"\r\n" + body)
        answer = b""
        while part := line.recv(65_536):
            answer += part
    top, _, rest = answer.partition(b"\r\n\r\n")
    status, *lines = top.split(b"\r\n")
    return status, sorted(each for each in lines if not each.lower().startswith(b"date")), rest


def test_on_the_wire_too_the_short_way_answers_as_django_does(town):
    """Anything behind the address takes a request past the short way, in the same process."""
    key = town.poll()
    _manifest, raws = crowd(town, key, 3)
    whole = b"Content-Type: text/plain\r\nContent-Length: %d\r\n"
    in_pieces = b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(raw), raw) for raw in (raws[0][:300], raws[0][300:]))
    requests = [
        (in_pieces, pieces + b"0\r\n\r\n"),
        *[(whole % len(raw), raw) for raw in raws],
        *[(whole % size, b" " * size) for size in (0, 1, 16_384, 16_385, 100_000)],
        (b"Content-Type: text/plain\r\n", b""),
        (b"Content-Length: 2\r\n", b"{}"),
        (b"Accept-Language: de\r\n" + whole % 2, b"{}"),
        (b"Cookie: sessionid=abc\r\n" + whole % 2, b"{}"),
    ]
    for head, body in requests:
        ways = [f"/booth/{key}/ballots", f"/booth/{key}/ballots?django"]
        ours, theirs = (on_the_wire(town, way, head, body) for way in ways)
        if ours != theirs:  # the minute turned between two promises
            ours, theirs = (on_the_wire(town, way, head, body) for way in ways)
        assert ours == theirs
