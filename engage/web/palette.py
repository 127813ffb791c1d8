"""A town's colours, made from the one it calls its own and refused where they could not be read.

Hue stays, lightness is set, chroma is held inside sRGB; the town's own colour is used as it is.
Deliberately absent: fixing a colour silently. A refusal names the pair, its ratio and a way on.
Sources: OKLab (Björn Ottosson, 2020); relative luminance and contrast of WCAG 2.2.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, sin

from django.utils.translation import gettext_noop as _

PAPER, SHEET = "#f5f2ed", "#fefdfa"
NIGHT_PAPER, NIGHT_SHEET = "#191316", "#261e22"
MARK, ON_MARK, WHITE = "#fbbe3a", "#20161b", "#ffffff"

HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Palette:
    """Tier 1 of a town's tokens: every value ``#rrggbb``."""

    day: str
    day_deep: str
    day_tint: str
    night: str
    night_deep: str
    night_tint: str
    night_label: str
    band: str
    band_night: str


@dataclass(frozen=True)
class Pair:
    """Two colours that meet on a page and the least contrast they may have."""

    name: str
    front: str
    back: str
    floor: float

    @property
    def ratio(self) -> float:
        return contrast(self.front, self.back)

    @property
    def holds(self) -> bool:
        return self.ratio >= self.floor


def palette(colour: str) -> Palette:
    """The whole set from a town's ``colour``.

    Every pair of :func:`pairs` holds its floor. Raises ValueError for anything that is not
    ``#rrggbb`` and for a colour that fails, naming the first pair and a near colour that holds.

    >>> palette("#7b1f51").day
    '#7b1f51'
    """
    town = drafted(colour)
    for pair in pairs(town):
        if not pair.holds:
            raise ValueError(
                f"{colour} cannot be a town's colour: {pair.name} has contrast {pair.ratio:.2f}, "
                f"it needs {pair.floor}. {nearest(colour)} has the same hue and holds."
            )
    return town


def drafted(colour: str) -> Palette:
    """The whole set, also where it could not be read: to be looked at, never to be used.

    Raises ValueError for anything that is not ``#rrggbb``.
    """
    return _derive(_checked(colour))


def nearest(colour: str) -> str:
    """A colour of the same hue that always holds: lightness 0.40, or darker where it must be."""
    chroma, hue = _oklch(_checked(colour))[1:]
    for lightness in (0.40, 0.38, 0.36, 0.34, 0.32, 0.30):
        candidate = _hex(lightness, chroma, hue)
        if all(pair.holds for pair in pairs(_derive(candidate))):
            break
    return candidate


def pairs(town: Palette) -> list[Pair]:
    """What meets on a page, day and night, with the floors of the design."""
    return [
        Pair(_("the colour on paper"), town.day, PAPER, 4.5),
        Pair(_("the colour on a sheet"), town.day, SHEET, 4.5),
        Pair(_("the colour on its tint"), town.day, town.day_tint, 4.5),
        Pair(_("a label on the colour"), WHITE, town.day, 4.5),
        Pair(_("a label on the deep colour"), WHITE, town.day_deep, 4.5),
        Pair(_("white on the band"), WHITE, town.band, 4.5),
        Pair(_("the mark on the band"), MARK, town.band, 3.0),
        Pair(_("dark text on the mark"), ON_MARK, MARK, 7.0),
        Pair(_("the night colour on paper"), town.night, NIGHT_PAPER, 4.5),
        Pair(_("the night colour on a sheet"), town.night, NIGHT_SHEET, 4.5),
        Pair(_("the night colour on its tint"), town.night, town.night_tint, 4.5),
        Pair(_("a label on the night colour"), town.night_label, town.night, 4.5),
        Pair(_("a label on the deep night colour"), town.night_label, town.night_deep, 4.5),
        Pair(_("white on the night band"), WHITE, town.band_night, 4.5),
        Pair(_("the mark on the night band"), MARK, town.band_night, 3.0),
    ]


@lru_cache(maxsize=16)
def stylesheet(colour: str) -> str:
    """The town's tier-1 tokens as one rule. Raises ValueError as :func:`palette` does."""
    town = palette(colour)
    tokens = {
        "day": town.day, "day-deep": town.day_deep, "day-tint": town.day_tint,
        "night": town.night, "night-deep": town.night_deep, "night-tint": town.night_tint,
        "night-label": town.night_label, "band": town.band, "band-night": town.band_night,
    }  # fmt: skip
    return ":root { " + " ".join(f"--city-{k}: {v};" for k, v in tokens.items()) + " }\n"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _derive(colour: str) -> Palette:
    lightness, chroma, hue = _oklch(colour)
    return Palette(
        day=colour,
        day_deep=_hex(min(0.30, lightness * 0.75), chroma * 0.77, hue),
        day_tint=_hex(0.935, min(chroma * 0.32, 0.0216), hue),
        night=_hex(0.80, min(chroma * 1.15, 0.085), hue),
        night_deep=_hex(0.88, min(chroma * 0.75, 0.056), hue),
        night_tint=_hex(0.31, min(chroma * 0.63, 0.050), hue),
        night_label=_hex(0.20, min(chroma * 0.50, 0.050), hue),
        band=colour,
        band_night=_hex(min(0.355, lightness * 0.89), chroma * 0.88, hue),
    )


def _checked(colour: str) -> str:
    lower = colour.strip().lower()
    if not HEX.fullmatch(lower):
        raise ValueError(f"A town's colour is written #rrggbb, not {colour!r}.")
    return lower


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma, hue in radians."""
    red, green, blue = _channels(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> list[float]:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return [c * 12.92 if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear]


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The sRGB colour of that lightness and hue, its chroma lowered until it exists."""
    for _step in range(80):
        if all(-1e-4 <= c <= 1.0001 for c in _rgb(lightness, chroma, hue)):
            break
        chroma *= 0.95
    channels = [round(255 * min(1.0, max(0.0, c))) for c in _rgb(lightness, chroma, hue)]
    return "#" + "".join(f"{c:02x}" for c in channels)
