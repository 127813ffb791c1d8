"""Form fields for what people write: cleaned, counted in letters, and refused in plain words.

What was typed stays in the form. Deliberately absent: an end that a browser puts to pasted text
without a word (``maxlength``); the answer says how much is too much.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from engage.domain.sanitise.letters import graphemes
from engage.domain.sanitise.lines import Unwritable, many_lines, one_line

SENTENCES: dict[str, str | Promise] = {
    "broken": _("This has a sign that is not text. Type it anew instead of pasting it."),
    "turned": _("This has an invisible sign that turns the writing around. Type it anew."),
    "hidden": _("This has invisible signs that hide words. Type it anew instead of pasting it."),
    "piled": _("Take some of the marks off the letters: so many on one cannot be read."),
    "blank": _("Nothing of this can be seen. Use letters."),
}


class WordsField(forms.CharField):
    """Words cleaned by ``cleaning``; ``max_length`` and ``max_bytes`` hold after that."""

    cleaning: Callable[[str], str] = staticmethod(many_lines)

    def __init__(self, *, max_length: int, max_bytes: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.most_bytes = max_length, max_bytes or 4 * max_length

    def to_python(self, value: object) -> str:
        typed = "" if value in self.empty_values else str(value)
        if not typed.strip():
            return ""
        try:
            return self._short(type(self).cleaning(typed))
        except Unwritable as refused:
            sentence = SENTENCES[refused.code]
            raise forms.ValidationError(sentence, code=refused.code) from None

    def _short(self, text: str) -> str:
        if len(text) <= self.longest and len(text.encode()) <= self.most_bytes:
            return text
        letters = graphemes(text)
        if letters <= self.longest:
            raise forms.ValidationError(
                _("This takes up more room than its letters. Use fewer marks and emoji."),
                code="large",
            )
        raise forms.ValidationError(_too_long(letters, self.longest), code="long")


def _too_long(letters: int, most: int) -> str:
    sentence = ngettext(
        "Shorten this to %(most)d letter: %(over)s too many.",
        "Shorten this to %(most)d letters: %(over)s too many.",
        most,
    )
    return sentence % {"most": most, "over": letters - most}


class LineField(WordsField):
    """Words on one line, every sign of them visible."""

    cleaning = staticmethod(one_line)


class TextField(WordsField):
    """Words on many lines: Markdown, reasons, remarks."""

    widget = forms.Textarea
