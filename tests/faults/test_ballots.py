"""Lost answers and late ballots at the real server: one ballot for each pass, no promise broken."""

import json
import socket
import time
from collections import Counter

import pytest

from voting.client import check_promise
from voting.domain.merkle import leaf_hash


def ballots_in(town, key):
    return [entry for entry in town.entries(key) if entry["type"] == "ballot"]


@pytest.mark.adversary("A6")
def test_an_answer_that_never_arrived_can_be_asked_for_again(town):
    """The voter's line is cut after the ballot was sent and before the promise comes back."""
    key = town.poll()
    manifest = town.manifest(key)
    raws = [town.voter(manifest).ballot("b") for _ in range(5)]
    for raw in raws:
        with socket.create_connection(("localhost", town.server.port)) as line:
            head = (
                f"POST /booth/{key}/ballots HTTP/1.1\r\nHost: localhost:{town.server.port}\r\n"
                f"Content-Type: text/plain\r\nContent-Length: {len(raw)}\r\n\r\n"
            )
            line.sendall(head.encode() + raw)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset
    for raw in raws:
        check_promise(town.cast(key, raw).body, raw, manifest)
    town.wait(lambda: len(ballots_in(town, key)) == 5)
    time.sleep(2)
    assert len(ballots_in(town, key)) == 5


@pytest.mark.adversary("A8")
def test_around_the_close_every_promise_is_kept_and_nothing_follows_it(town, together):
    key = town.poll(batch_max_delay_s=3)
    manifest = town.manifest(key)
    raws = [town.voter(manifest).ballot("abc"[number % 3]) for number in range(40)]
    began = time.monotonic()

    def act(number):
        if number == 40:
            return town.act(key, "polls.closed_by_hand(poll)")
        time.sleep(max(0.0, began + number * 0.25 - time.monotonic()))
        return town.cast(key, raws[number])

    answers = together(act, 41)[:40]
    assert Counter((a.status, a.code) for a in answers).keys() <= {(202, ""), (410, "closed")}
    promised = {
        leaf_hash(raw).hex() for raw, a in zip(raws, answers, strict=True) if a.status == 202
    }
    assert {json.loads(a.body)["leaf"] for a in answers if a.status == 202} == promised
    town.wait(lambda: town.state(key) == "decided")
    kinds = [entry["type"] for entry in town.entries(key)]
    assert kinds.count("ballot") == len(promised)
    assert kinds[-2:] == ["close", "result"]
    for raw, answer in zip(raws, answers, strict=True):
        assert town.cast(key, raw).status == (202 if answer.status == 202 else 410)
