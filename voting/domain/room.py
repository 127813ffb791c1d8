"""Whether what a poll will have to say fits into its log: no leaf exceeds 65,535 bytes.

Asked before announcing, since afterwards nothing can be shortened. No counting here.
"""

from voting.domain.leaves import result_leaf
from voting.domain.manifest import Manifest

BALLOTS = 9_999_999
"""How many ballots the longest result allows for."""


def result_fits(manifest: Manifest) -> bool:
    """Whether the longest result that the rule can give, of up to ``BALLOTS``, fits into a leaf."""
    try:
        result_leaf(
            manifest.field,
            ballots=BALLOTS,
            blank=BALLOTS,
            code="x" * 64,
            counted=BALLOTS,
            detail=_longest_detail(manifest),
            invalid=0,
            rules=manifest.rule,
            winners=manifest.option_ids,
        )
    except ValueError:
        return False
    return True


def _longest_detail(manifest: Manifest) -> dict[str, object]:
    if manifest.rule.startswith("pb-"):
        return {"selected": manifest.option_ids, "spent": 2**53 - 1}
    if manifest.method != "ranked":
        return {"totals": dict.fromkeys(manifest.option_ids, 2**53 - 1)}
    # One option leaves a round, those with the shortest ids first.
    ids = sorted(manifest.option_ids, key=len)
    most = BALLOTS * 10_000
    return {
        "rounds": [
            {
                "elected": [],
                "exhausted": most,
                "out": [left],
                "totals": dict.fromkeys(ids[place:], most),
            }
            for place, left in enumerate(ids)
        ]
    }
