"""Real elections read from the files in which cities and researchers publish them.

Files are not opened here: text comes in. Which reader applies is seen from the text.
"""

from voting.domain.formats.aggregated import read_aggregated
from voting.domain.formats.election import Election, ElectionError
from voting.domain.formats.pabulib import read_pabulib
from voting.domain.formats.preflib import read_preflib

__all__ = ["Election", "ElectionError", "decoded", "read_election"]

_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_election(name: str, text: str) -> Election:
    """The election in ``text``: PrefLib's orders, Pabulib's .pb, or rankings added up as JSON.

    ``name`` is the file's name; it serves as a title where the file has none. Raises
    ElectionError, and nothing else, for whatever is no such file.

    >>> election = read_election("x.soi", "# ALTERNATIVE NAME 1: Ann\\n3: 1\\n")
    >>> election.options, election.ballots
    ([('ann', 'Ann', None)], [(['ann'], 3)])
    """
    text = text.removeprefix("\ufeff")
    start = text.lstrip()[:200]
    if start.startswith(("{", "[")):
        return read_aggregated(name, text)
    if start.partition("\n")[0].strip('; \t\r"').upper() == "META":
        return read_pabulib(name, text)
    if start.startswith("#") or start[:1].isdigit():
        return read_preflib(name, text)
    raise ElectionError("This is neither a PrefLib, nor a Pabulib, nor a JSON election file.")


def decoded(raw: bytes) -> str:
    """A file's text: UTF-8 or UTF-16 by its mark, UTF-8, else Windows' western signs.

    >>> decoded("Włochy".encode()), decoded("Zürich".encode("cp1252"))
    ('Włochy', 'Zürich')
    """
    try:
        return raw.decode(_ENCODINGS.get(raw[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
