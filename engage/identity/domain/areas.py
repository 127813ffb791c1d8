"""The tree of areas as paths: ``eddersford/millbank/weir-lane`` lies in ``eddersford/millbank``.

No boundaries here (see ``geometry``), and no guess: a person belongs to an area by a claim.
"""

SEPARATOR = "/"


def covers(outer: str, inner: str) -> bool:
    """Whether the area ``inner`` is ``outer`` or lies within it; the empty path covers all.

    >>> covers("eddersford/millbank", "eddersford/millbank/weir-lane")
    True
    >>> covers("eddersford/mill", "eddersford/millbank")
    False
    """
    return outer in ("", inner) or inner.startswith(outer + SEPARATOR)


def lineage(path: str) -> list[str]:
    """``path`` and all areas that it lies in, the largest first.

    >>> lineage("a/b/c")
    ['a', 'a/b', 'a/b/c']
    """
    parts = path.split(SEPARATOR) if path else []
    return [SEPARATOR.join(parts[: i + 1]) for i in range(len(parts))]
