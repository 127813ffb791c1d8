"""PrefLib's ordinal files: .soc, .soi, .toc and .toi, new style and the one before 2022.

Only rankings: categories and matchings are other files of PrefLib. The format is defined in
PrefLib-Data, FORMAT_SPECIFICATION.md.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from voting.domain.choices import DEFAULT_MAX_RANKS
from voting.domain.formats.election import Election, ElectionError, lines_of, whole_number
from voting.domain.formats.naming import clean, different, option_ids, title_of_file
from voting.domain.formats.overvotes import strict_rankings

_HEADER = re.compile(r"#\s*([^:]*?)\s*:\s*(.*)")
_NAMED = re.compile(r"ALTERNATIVE NAME\s+(\d{1,6})", re.IGNORECASE)
_MOST_ALTERNATIVES = 10_000


@dataclass
class _File:
    """What the lines said: numbered alternatives and orders of their numbers."""

    title: str = ""
    declared: int = 0
    names: dict[int, str] = field(default_factory=dict)
    orders: list[tuple[int, list[list[int]]]] = field(default_factory=list)


def read_preflib(name: str, text: str) -> Election:
    """A ranked election, to be counted by ``irv/1`` with ``batch``.

    A file does not say whether its city lets hopeless candidates leave together. Burlington did,
    and its rounds come out only so; without ties the winner is the same either way. Shared ranks
    are settled by ``overvotes``; an alternative named again is read where it stands first.
    Raises ElectionError.
    """
    lines = [(number, line.strip()) for number, line in enumerate(lines_of(text), 1)]
    lines = [(number, line) for number, line in lines if line]
    file = _old_style(lines) if lines and lines[0][1].isdigit() else _new_style(lines)
    numbers = _alternatives(file)
    titles = different(clean(file.names.get(n, "")) or f"Alternative {n}" for n in numbers)
    ids = dict(zip(numbers, option_ids(titles), strict=True))
    options = list(ids.values())
    ballots = strict_rankings(
        [([[ids[n] for n in rank] for rank in order], many) for many, order in file.orders if many],
        options,
        {"batch": True},
    )
    longest = max((len(ranking) for ranking, _ in ballots), default=0)
    return Election(
        title=clean(file.title) or title_of_file(name),
        method="ranked",
        rule="irv/1",
        params={"batch": True, "max_ranks": max(DEFAULT_MAX_RANKS, longest)},
        options=[(id, title, None) for id, title in zip(options, titles, strict=True)],
        ballots=list(ballots),
        names=dict(zip(options, titles, strict=True)),
        source_ids={id: str(number) for number, id in ids.items()},
        remarks=_remarks(file),
    )


def _new_style(lines: Iterable[tuple[int, str]]) -> _File:
    file = _File()
    for number, line in lines:
        if line.startswith("#"):
            _read_header(file, line, number)
        else:
            many, separator, order = line.partition(":")
            if not separator:
                raise ElectionError("An order is written “how many: 1,2,3”.", line=number)
            file.orders.append((whole_number(many, line=number), _ranks(order, number)))
    return file


def _read_header(file: _File, line: str, number: int) -> None:
    found = _HEADER.fullmatch(line)
    if not found:
        return
    key, value = found.group(1), found.group(2)
    named = _NAMED.fullmatch(key)
    if named:
        file.names[int(named.group(1))] = value
    elif key.upper() == "TITLE":
        file.title = value
    elif key.upper() == "NUMBER ALTERNATIVES" and value:
        file.declared = whole_number(value, line=number)


def _old_style(lines: Sequence[tuple[int, str]]) -> _File:
    """First how many, then “1,Name” for each, then a line of sums, then “how many,1,{2,3}”."""
    file = _File(declared=whole_number(lines[0][1], line=lines[0][0]))
    names, orders = lines[1 : file.declared + 1], lines[file.declared + 2 :]
    for number, line in names:
        alternative, separator, called = line.partition(",")
        if not separator:
            raise ElectionError("An alternative is written “1,Name”.", line=number)
        file.names[whole_number(alternative, line=number)] = called
    for number, line in orders:
        many, _, order = line.partition(",")
        file.orders.append((whole_number(many, line=number), _ranks(order, number)))
    return file


def _ranks(order: str, line: int) -> list[list[int]]:
    """Ranks from the best down; each lists the alternatives that share it.

    >>> _ranks("3, {1,2}, 4", 1)
    [[3], [1, 2], [4]]
    """
    ranks: list[list[int]] = []
    seen: set[int] = set()
    for listed in _pieces(order, line):
        rank = [whole_number(n, line=line) for n in listed.split(",") if n.strip()]
        fresh = [n for n in dict.fromkeys(rank) if n not in seen]
        seen.update(fresh)
        ranks += [fresh] if fresh else []
    return ranks


def _pieces(order: str, line: int) -> Iterator[str]:
    """What stands between the commas, and between braces."""
    rest = order.strip()
    while rest:
        if rest.startswith("{"):
            listed, closed, rest = rest[1:].partition("}")
            rest = rest.lstrip()
            if not closed or rest[:1] not in ("", ","):
                raise ElectionError("Shared ranks are written 1,{2,3},4.", line=line)
            rest = rest[1:].lstrip()
        else:
            listed, _, rest = rest.partition(",")
            rest = rest.lstrip()
        yield listed


def _alternatives(file: _File) -> list[int]:
    """The alternatives' numbers: declared, named or ranked; old files begin with 0."""
    ranked = {n for _, order in file.orders for rank in order for n in rank}
    known = ranked | set(file.names)
    first = 0 if 0 in known else 1
    most = max(first + file.declared - 1, *known, 0)
    if file.declared and most >= first + file.declared:
        raise ElectionError(f"Alternative {most} is not one of the {file.declared} declared.")
    if most > _MOST_ALTERNATIVES:
        raise ElectionError(f"{most} alternatives are more than {_MOST_ALTERNATIVES}.")
    known.update(range(first, first + file.declared))
    if not known:
        raise ElectionError("The file names no alternatives.")
    return sorted(known)


def _remarks(file: _File) -> list[str]:
    shared = sum(many for many, order in file.orders if any(len(rank) > 1 for rank in order))
    return [f"{shared} ballots share ranks; they were made strict."] if shared else []
