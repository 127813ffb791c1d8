"""Counting a poll's log: the leaves are the truth, the running count only a shortcut for live."""

import json
from collections import Counter

from voting.board.models import Leaf, Log
from voting.domain import canonical, leaves
from voting.domain.counting import Outcome, count
from voting.domain.manifest import Manifest
from voting.domain.ties import tie_order
from voting.services.casting import parsed_manifest


def count_choices(manifest: Manifest, choices: Counter[str]) -> Outcome:
    """The outcome of ``choices`` (canonical JSON -> how many) under the manifest's rule."""
    return count(
        manifest.rule,
        options=manifest.option_ids,
        ballots=[(json.loads(choice), number) for choice, number in sorted(choices.items())],
        params=manifest.params,
        costs=manifest.costs,
        method=manifest.method,
        tie_order=tie_order(manifest.sha256, manifest.option_ids),
    )


def logged_choices(log: Log) -> Counter[str]:
    """Every ballot in the log, read leaf by leaf, grouped by choice."""
    bodies = Leaf.objects.filter(poll=log.poll, kind="ballot").values_list("body", flat=True)
    return Counter(
        canonical.encode(json.loads(bytes(body))["choice"]).decode()
        for body in bodies.iterator(chunk_size=2_000)
    )


def count_log(log: Log, *, code: str) -> bytes:
    """The ``result`` leaf of a closed log: counted from its leaves, not from running totals."""
    manifest = parsed_manifest(bytes(log.manifest))
    choices = logged_choices(log)
    outcome = count_choices(manifest, choices)
    return leaves.result_leaf(
        manifest.field,
        ballots=choices.total(),
        blank=outcome.blank,
        counted=outcome.counted,
        invalid=0,
        code=code,
        reason=None,
        rules=manifest.rule,
        winners=outcome.winners,
        detail=outcome.detail,
    )
