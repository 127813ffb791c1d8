"""Cast vote records added up as JSON: candidates, and [how many, [candidate, …]] for each ranking.

``-1`` stands for an overvote. Rounds and winners that the file may publish are not read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from voting.domain.choices import DEFAULT_MAX_RANKS
from voting.domain.formats.election import MAX_NUMBER, Election, ElectionError
from voting.domain.formats.naming import clean, different, option_ids, title_of_file

_OVERVOTE = -1
_UNDECLARED = re.compile(r"undeclared.{0,3}write.{0,3}ins?|uwi", re.IGNORECASE)


def read_aggregated(name: str, text: str) -> Election:
    """A ranked election: ``stv-wig/1`` where there are several seats, else ``irv/1``.

    A ballot ends at an overvote unless ``rules.overvoteRule`` is ``alwaysSkipToNextRank``; a
    candidate named again counts where it stands first, or ends the ballot if
    ``rules.exhaustOnDuplicateCandidate``. ``rules.batchElimination`` becomes ``batch`` (true where
    the file does not say). Raises ElectionError.
    """
    value = _parse(text)
    rules = value.get("rules")
    rules = rules if isinstance(rules, dict) else {}
    titles = different(clean(c) or f"Candidate {i}" for i, c in enumerate(_candidates(value), 1))
    ids = option_ids(titles)
    ballots = [(ranking, many) for ranking, many in _ballots(value, ids, rules) if many]
    seats = _seats(value, rules)
    params: dict[str, object] = {"max_ranks": _max_ranks(rules, ballots)}
    params |= {"seats": seats} if seats > 1 else _run_off_params(rules, ids, titles, ballots)
    title = value.get("title", value.get("name"))
    return Election(
        title=clean(title if isinstance(title, str) else "") or title_of_file(name),
        method="ranked",
        rule="stv-wig/1" if seats > 1 else "irv/1",
        params=params,
        options=[(id, title, None) for id, title in zip(ids, titles, strict=True)],
        ballots=list(ballots),
        names=dict(zip(ids, titles, strict=True)),
        source_ids={id: str(index) for index, id in enumerate(ids)},
    )


def _parse(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ElectionError(f"This is not JSON: {error.msg}.", line=error.lineno) from None
    except (RecursionError, ValueError):
        raise ElectionError("This JSON cannot be read: too deep, or a number too long.") from None
    if not isinstance(value, dict):
        raise ElectionError("An election is a JSON object with candidates and ballots.")
    return value


def _candidates(value: Mapping[str, Any]) -> list[str]:
    candidates = value.get("candidates")
    if not isinstance(candidates, list) or not candidates:
        raise ElectionError("“candidates” must be a list of names.")
    if not all(isinstance(candidate, str) for candidate in candidates):
        raise ElectionError("A name in “candidates” is not text.")
    return candidates


def _ballots(
    value: Mapping[str, Any], ids: list[str], rules: Mapping[str, Any]
) -> Iterator[tuple[list[str], int]]:
    ballots = value.get("ballots")
    if not isinstance(ballots, list):
        raise ElectionError("“ballots” must be a list.")
    for place, entry in enumerate(ballots, 1):
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], list)):
            raise ElectionError(f"Ballot {place} is not [how many, [candidate, …]].")
        if not _is_index(entry[0], MAX_NUMBER):
            raise ElectionError(f"Ballot {place}: how many must be a whole number.")
        if not all(n == _OVERVOTE or _is_index(n, len(ids) - 1) for n in entry[1]):
            raise ElectionError(f"Ballot {place} names a candidate that does not exist.")
        yield [ids[n] for n in _strict(entry[1], rules)], entry[0]


def _is_index(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _strict(ranking: list[int], rules: Mapping[str, Any]) -> list[int]:
    """
    >>> _strict([4, 4, 2, -1, 3], {})
    [4, 2]
    """
    result: list[int] = []
    for index in ranking:
        if index == _OVERVOTE:
            if rules.get("overvoteRule") != "alwaysSkipToNextRank":
                break
        elif index not in result:
            result.append(index)
        elif rules.get("exhaustOnDuplicateCandidate") is True:
            break
    return result


def _seats(value: Mapping[str, Any], rules: Mapping[str, Any]) -> int:
    seats = value.get("seats", rules.get("numberOfWinners", 1))
    if isinstance(seats, str) and seats.isascii() and seats.isdigit() and len(seats) < 5:
        seats = int(seats)
    if not (_is_index(seats, 10_000) and seats):
        raise ElectionError("“seats” must be a whole number from 1.")
    return int(seats)


def _max_ranks(rules: Mapping[str, Any], ballots: list[tuple[list[str], int]]) -> int:
    longest = max((len(ranking) for ranking, _ in ballots), default=0)
    allowed = str(rules.get("maxRankingsAllowed", ""))
    if allowed.isascii() and allowed.isdigit() and len(allowed) < 5:
        return max(int(allowed), longest)
    return max(DEFAULT_MAX_RANKS, longest)


def _run_off_params(
    rules: Mapping[str, Any],
    ids: list[str],
    titles: list[str],
    ballots: list[tuple[list[str], int]],
) -> dict[str, object]:
    """``batch``, and in ``first_out`` the undeclared write-ins.

    Cities that count write-ins without a declared candidate take them out first, whatever their
    votes; Minneapolis 2013 publishes its first round so.
    """
    batch = rules.get("batchElimination")
    params: dict[str, object] = {"batch": batch if isinstance(batch, bool) else True}
    firsts = {ranking[0] for ranking, _ in ballots if ranking}
    pairs = zip(ids, titles, strict=True)
    undeclared = [id for id, title in pairs if _UNDECLARED.fullmatch(title) and id in firsts]
    return params | ({"first_out": undeclared} if undeclared else {})
