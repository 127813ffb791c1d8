"""Small drawings for templates: icons, bars and the dot field, all geometry in SVG attributes.

No ``style`` anywhere: a strict policy forbids it. No sentences either: those belong to templates.
"""

from datetime import datetime

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms import BaseForm, BaseFormSet
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from engage.web.town import present_town

register = template.Library()

TURNS = {"arrow", "next", "reply"}
"""Icons that point along the line of reading, mirrored where it runs from the right."""

ROWS, COLUMNS = 5, 20


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of ``engage/icons.svg``, hidden from assistive technology: words stand beside."""
    kind = "icon icon--turn" if name in TURNS else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        kind, static("engage/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def bar(
    width: float, *, gained: float = 0, lead: bool = False, goal: float | None = None,
    live: str = "", big: bool = False,
) -> SafeString:  # fmt: skip
    """A bar on a track that means *all*; every length in percent of the track.

    ``width`` is the whole bar, ``gained`` its striped end, ``goal`` a dashed line. ``live`` names
    the option whose numbers move it.
    """
    kept = max(0.0, width - gained)
    name = format_html(' data-live-bar="{}"', live) if live else ""
    parts = [format_html('<rect class="fill" width="{}" height="100%"{}/>', _pct(kept), name)]
    if gained:
        gain = '<rect class="gain" x="{}" width="{}" height="100%"/>'
        parts.append(format_html(gain, _pct(kept), _pct(gained)))
    if goal is not None:
        line = '<line class="half" x1="{0}" x2="{0}" y1="-4" y2="100%"/>'
        parts.append(format_html(line, _pct(goal)))
    return format_html(
        '<svg class="bar{}" aria-hidden="true">'
        '<rect class="track" width="100%" height="100%"/>{}</svg>',
        " bar--lead" * lead + " bar--big" * big,
        format_html_join("", "{}", [(part,) for part in parts]),
    )


@register.simple_tag
def dots(value: int, total: int) -> SafeString:
    """The dot field: 20 by 5, one dot for one in a hundred, rounded down, filled by columns.

    Drawn as dashes of no length with round ends: three paths instead of a hundred circles.
    """
    share = percent(value, total)
    every = "".join(_row(row, COLUMNS) for row in range(ROWS))
    filled = "".join(_row(row, share // ROWS + (row < share % ROWS)) for row in range(ROWS))
    return format_html(
        '<svg viewBox="0 0 20 5" aria-hidden="true" stroke-dasharray="0 1">'
        '<path class="off" stroke-width=".76" d="{0}"/>'
        '<path class="hole" stroke-width=".54" d="{0}"/>'
        '<path class="on" stroke-width=".8" d="{1}"/></svg>',
        every, filled,
    )  # fmt: skip


def _row(row: int, count: int) -> str:
    return f"M.5 {row}.5h{count - 1}.01" if count else ""


def _pct(number: float) -> str:
    return f"{round(number, 2):g}%"


@register.simple_tag
def errors_of(form: BaseForm | None = None, rows: BaseFormSet | None = None) -> list[tuple]:
    """Everything to put right on a page as ``(anchor, label, sentence)``, in the page's order."""
    found: list[tuple[str, str, str]] = []
    if isinstance(form, BaseForm) and form.is_bound:
        found += _form_errors(form)
    if isinstance(rows, BaseFormSet) and rows.is_bound:
        found += [("", "", str(sentence)) for sentence in rows.non_form_errors()]
        for row in rows.forms:
            if not getattr(row, "cleaned_data", {}).get("DELETE"):
                found += _form_errors(row)
    return found


def _form_errors(form: BaseForm) -> list[tuple[str, str, str]]:
    found = [("", "", str(sentence)) for sentence in form.non_field_errors()]
    for field in form:
        anchor = "" if field.is_hidden else f"#{field.auto_id}{'_0' * field.use_fieldset}"
        found += [(anchor, str(field.label), str(sentence)) for sentence in field.errors]
    return found


@register.simple_tag
def moment(when: datetime | None) -> SafeString | str:
    """A deadline with its weekday, in the town's time; the year only where it is another one."""
    if when is None:
        return ""
    there = timezone.localtime(when)
    this_year = there.year == timezone.localtime().year
    # Translators: Django date format, as in "Thursday 12 June, 20:00"
    words = _("l j F, H:i") if this_year else _("l j F Y, H:i")
    shown = date_format(there, words)
    return format_html('<time datetime="{}">{}</time>', there.isoformat("T", "minutes"), shown)


@register.simple_tag
def day(when: datetime) -> SafeString:
    """A day of the town's calendar, as in "12 June 2026"."""
    there = timezone.localtime(when)
    # Translators: Django date format, as in "12 June 2026"
    return format_html(
        '<time datetime="{}">{}</time>', there.date().isoformat(), date_format(there, _("j F Y"))
    )


@register.filter
def groups(code: str) -> str:
    """A long code in groups of four, so that people can compare it."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


@register.filter
def money(amount: int) -> str:
    """Whole units of the town's currency, as the reader's language writes them."""
    # Translators: an amount of money, as in "£1,200"
    form = _("%(sign)s%(amount)s")
    return form % {"sign": present_town().currency, "amount": intcomma(amount)}


@register.filter
def headline(sentence: str) -> str:
    """A sentence as a headline: without its full stop."""
    return sentence.removesuffix(".")


@register.simple_tag
def percent(part: int, whole: int) -> int:
    """How many of a hundred, rounded down, so that nothing looks fuller than it is."""
    return min(100, 100 * part // whole) if whole > 0 else 0
