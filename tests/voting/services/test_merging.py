"""Merging: sorted batches, a checkpoint after each, and a running count that equals a recount."""

import random
import secrets
import uuid
from collections import Counter
from itertools import pairwise

import pytest

from tests.voting import polls
from voting.board.log import NewLeaf, append, hold_log
from voting.board.models import Checkpoint, ChoiceCount, Intake, Leaf, Log, Node
from voting.crypto import ed25519
from voting.domain import canonical, merkle
from voting.domain.leaves import note_leaf
from voting.selectors import poll_tally
from voting.services.casting import cast_ballot
from voting.services.counting import count_choices, logged_choices
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db


def heads(poll):
    """Size -> verified root of every checkpoint."""
    vkey = polls.manifest_of(poll).vkey
    found = [
        ed25519.open_checkpoint(note, vkey)
        for note in Checkpoint.objects.filter(poll=poll.pk).values_list("note", flat=True)
    ]
    return {head.size: head.root for head in found}


def running_count(poll):
    rows = ChoiceCount.objects.filter(poll=poll.pk).values_list("choice", "ballots")
    return Counter(dict(rows))


def test_a_batch_is_sorted_by_leaf_hash_and_ends_with_a_checkpoint():
    poll = polls.opened()
    raws = polls.cast(poll, *"abcab")
    checkpoint = merge_intake(poll=poll.pk)
    batch = [body for _kind, body in polls.logged(poll)[1:]]
    assert batch == sorted(raws, key=merkle.leaf_hash)
    assert checkpoint.size == 6 == Log.objects.get(pk=poll.pk).size
    assert Intake.objects.filter(poll=poll.pk).count() == 0


def test_too_few_wait_and_nothing_is_nothing():
    poll = polls.opened()
    assert merge_intake(poll=poll.pk) is None
    polls.cast(poll, "a", "b")
    assert merge_intake(poll=poll.pk, least=3) is None
    assert (polls.kinds(poll), len(heads(poll))) == (["manifest"], 1)
    assert merge_intake(poll=poll.pk, least=2).size == 3
    assert merge_intake(poll=poll.pk) is None
    assert merge_intake(poll=poll.pk, least=0) is None
    assert sorted(heads(poll)) == [1, 3]


def test_without_a_log_there_is_nothing_to_merge_into():
    with pytest.raises(Log.DoesNotExist):
        merge_intake(poll=uuid.uuid4())


@pytest.mark.adversary("A13")
@pytest.mark.parametrize("seed", range(3))
def test_after_random_merges_every_head_is_right_and_the_count_is_a_recount(seed):
    rng = random.Random(seed)
    (method, rule), (_fields, choices) = rng.choice(list(polls.KINDS.items()))
    poll = polls.opened(method=method, rule=rule)
    manifest, sizes = polls.manifest_of(poll), [1]
    for _batch in range(rng.randint(3, 6)):
        raws = polls.cast(poll, *rng.choices(choices, k=rng.randint(1, 7)))
        if rng.random() < 0.3:
            cast_ballot(poll=poll.pk, raw=rng.choice(raws))
        assert merge_intake(poll=poll.pk).size == sizes[-1] + len(raws)
        sizes.append(sizes[-1] + len(raws))
    bodies = [body for _kind, body in polls.logged(poll)]
    hashes = [merkle.leaf_hash(body) for body in bodies]
    assert heads(poll) == {size: merkle.root(hashes[:size]) for size in sizes}
    for start, end in pairwise(sizes):
        assert hashes[start:end] == sorted(hashes[start:end])
    recount = Counter(canonical.encode(canonical.decode(b)["choice"]).decode() for b in bodies[1:])
    log = Log.objects.get(pk=poll.pk)
    assert running_count(poll) == recount == logged_choices(log)
    assert poll_tally(poll.pk)["ballots"] == len(bodies) - 1
    assert poll_tally(poll.pk)["version"] == sizes[-1]
    shown = poll_tally(poll.pk)["totals"]
    if method == "plurality":
        assert shown == count_choices(manifest, recount).detail["totals"]


@pytest.mark.adversary("A7")
def test_interrupted_anywhere_a_merge_happens_once():
    waiting, steps = polls.opened(), 0
    polls.cast(waiting, "a", "a", "b")
    merge_intake(poll=waiting.pk)
    polls.cast(waiting, "a", "c")
    for poll in polls.every_cut(lambda poll: merge_intake(poll=poll.pk), waiting):
        steps += 1
        assert polls.kinds(poll) == ["manifest"] + ["ballot"] * 5
        assert running_count(poll) == {'"a"': 3, '"b"': 1, '"c"': 1}
        assert sorted(heads(poll)) == [1, 4, 6]
        assert Intake.objects.filter(poll=poll.pk).count() == 0
    assert steps > 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A7")
def test_workers_that_merge_at_once_count_nothing_twice(at_once):
    poll = polls.opened()
    raws = [polls.ballot(poll, choice) for choice in "ab" * 10]

    def act(number):
        if number % 3:
            return cast_ballot(poll=poll.pk, raw=raws[number // 3 * 2 + number % 3 - 1])
        return merge_intake(poll=poll.pk)

    assert [each for each in at_once(act, 30) if isinstance(each, Exception)] == []
    merge_intake(poll=poll.pk)
    assert running_count(poll) == {'"a"': 10, '"b"': 10}
    hashes = [merkle.leaf_hash(body) for _kind, body in polls.logged(poll)]
    assert len(set(hashes)) == len(hashes) == 21
    assert heads(poll) == {size: merkle.root(hashes[:size]) for size in heads(poll)}


def test_a_log_of_many_leaves_keeps_exactly_its_complete_subtrees():
    """Appending in odd batches stores the nodes that RFC 6962 has, no more and no fewer."""
    poll = polls.announced()
    field, rng = polls.manifest_of(poll).field, random.Random(7)
    while (size := Log.objects.get(pk=poll.pk).size) < 700:
        notes = [note_leaf(field, secrets.token_hex(4)) for _ in range(rng.randint(1, 300))]
        head = append(hold_log(poll.pk), [NewLeaf("note", body) for body in notes])
        assert head.size == size + len(notes)
    hashes = [merkle.leaf_hash(body) for _kind, body in polls.logged(poll)]
    level, found = 1, {}
    while len(hashes) >> level:
        step = 1 << level
        for index in range(len(hashes) >> level):
            found[level, index] = merkle.root(hashes[index * step : (index + 1) * step])
        level += 1
    nodes = Node.objects.filter(poll=poll.pk).values_list("level", "index", "hash")
    assert {(level, index): bytes(digest) for level, index, digest in nodes} == found
    assert heads(poll) == {size: merkle.root(hashes[:size]) for size in heads(poll)}
    stored = Leaf.objects.filter(poll=poll.pk).order_by("index").values_list("leaf_hash", flat=True)
    assert [bytes(each) for each in stored] == hashes
