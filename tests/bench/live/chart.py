"""A bar chart as SVG, from numbers alone: readable in light and dark, and without the picture."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, LEFT, RIGHT, ROW, TOP = 860, 330, 150, 30, 74


class Bar(NamedTuple):
    """``note`` stands after the number; ``ours`` is drawn in the stronger colour."""

    label: str
    value: float
    note: str
    ours: bool


def bar_chart(title: str, subtitle: str, bars: Sequence[Bar]) -> str:
    """One horizontal bar each, from zero; the longest fills the width.

    >>> bar_chart("T", "s", [Bar("a & b", 2.0, "", True)]).count("a &amp; b")
    2
    """
    height = TOP + ROW * len(bars) + 14
    longest = max((bar.value for bar in bars), default=0.0) or 1.0
    rows = [_row(bar, TOP + ROW * place, longest) for place, bar in enumerate(bars)]
    told = "; ".join(f"{bar.label}: {bar.value:,.0f}" for bar in bars)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" role="img" aria-labelledby="title told">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="told">{escape(subtitle)} {escape(told)}</desc>',
            STYLE,
            f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>',
            f'<text class="title" x="18" y="30">{escape(title)}</text>',
            f'<text class="quiet" x="18" y="52">{escape(subtitle)}</text>',
            *rows,
            "</svg>\n",
        ]
    )


def _row(bar: Bar, y: int, longest: float) -> str:
    width = max(1.5, (WIDTH - LEFT - RIGHT) * bar.value / longest)
    kind = "ours" if bar.ours else "theirs"
    number = f"{bar.value:,.0f}"
    return (
        f'<text class="{kind}-name" x="{LEFT - 10}" y="{y + 16}">{escape(bar.label)}</text>'
        f'<rect class="{kind}" x="{LEFT}" y="{y + 2}" width="{width:.1f}" height="{ROW - 10}"/>'
        f'<text x="{LEFT + width + 8:.1f}" y="{y + 16}">{number}'
        f'<tspan class="quiet" dx="8">{escape(bar.note)}</tspan></text>'
    )


STYLE = """<style>
text { font: 14px system-ui, sans-serif; fill: #1c1b1f; }
.title { font-size: 18px; font-weight: 600; }
.quiet { fill: #5b5966; }
.ours-name, .theirs-name { text-anchor: end; }
.ours-name { font-weight: 600; }
.page { fill: #ffffff; }
.ours { fill: #7b1f51; }
.theirs { fill: #a9a6b3; }
@media (prefers-color-scheme: dark) {
  text { fill: #eceaf2; }
  .quiet { fill: #b3b0bf; }
  .page { fill: #17161b; }
  .ours { fill: #e08ab6; }
  .theirs { fill: #6f6c7a; }
}
</style>"""
