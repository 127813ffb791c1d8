"""A stylesheet that shows parts of a page in several colours beside each other, by day and night.

Deliberately absent: a way to make it the town's. Whoever looks may look at what cannot be read.
"""

from collections.abc import Mapping

from engage.web.palette import (
    NIGHT_PAPER,
    NIGHT_SHEET,
    PAPER,
    SHEET,
    WHITE,
    Palette,
    drafted,
)

DAY = {
    "paper": PAPER, "sheet": SHEET, "line": "#dad5cf", "edge": "#837777", "ink": "#20161b",
    "ink-2": "#5b4f54", "focus": "#0647c1",
}  # fmt: skip
NIGHT = {
    "paper": NIGHT_PAPER, "sheet": NIGHT_SHEET, "line": "#463c42", "edge": "#8e8387",
    "ink": "#f0ece7", "ink-2": "#bbb2ac", "focus": "#86c3ff",
}  # fmt: skip
"""What every town shares; the same values as in ``engage.css`` and ``night.css``."""


def swatches(colours: Mapping[str, str]) -> str:
    """Rules for ``#seen-<name>-day`` and ``#seen-<name>-night`` of every named colour.

    Raises ValueError for what is not ``#rrggbb``.
    """
    rules = []
    for name, colour in colours.items():
        town = drafted(colour)
        rules += [_rule(f"{name}-day", "light", _by_day(town))]
        rules += [_rule(f"{name}-night", "dark", _at_night(town))]
    return "".join(rules)


def _by_day(town: Palette) -> dict[str, str]:
    own = {"city": town.day, "deep": town.day_deep, "tint": town.day_tint, "on-city": WHITE}
    return {**DAY, **own, "band": town.band}


def _at_night(town: Palette) -> dict[str, str]:
    own = {"city": town.night, "deep": town.night_deep, "tint": town.night_tint}
    return {**NIGHT, **own, "on-city": town.night_label, "band": town.band_night}


def _rule(name: str, scheme: str, roles: Mapping[str, str]) -> str:
    values = "".join(f" --{role}: {value};" for role, value in roles.items())
    return f"#seen-{name} {{ color-scheme: {scheme};{values} }}\n"
