"""Fields for words: cleaned, counted as people count, refused in words; what was typed stays."""

import pytest
from django import forms

from engage.web.fields import SENTENCES, LineField, TextField

pytestmark = pytest.mark.adversary("E14")


class Words(forms.Form):
    line = LineField(max_length=10, required=False)
    text = TextField(max_length=20, max_bytes=40, required=False)


def refused(**typed):
    return {name: errors[0] for name, errors in Words(typed).errors.as_data().items()}


def test_words_are_cleaned():
    form = Words({"line": " a \u200b b\n", "text": "a\r\nb\x08 "})
    assert form.is_valid()
    assert form.cleaned_data == {"line": "a b", "text": "a\nb"}


@pytest.mark.parametrize(
    ("code", "typed"),
    [("broken", "a\x00"), ("turned", "a\u202eb"), ("hidden", "\U000e0041"), ("blank", "\u3164"),
     ("piled", "a" + "\u0301" * 40)],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_stays_in_the_form(code, typed):
    error = refused(line=typed)["line"]
    assert (error.code, error.message) == (code, SENTENCES[code])
    assert Words({"line": typed})["line"].value() == typed


def test_too_much_is_counted_in_letters():
    assert refused(line="a" * 10) == {}
    error = refused(line="a" * 12)["line"]
    assert (error.code, error.message) == ("long", "Shorten this to 10 letters: 2 too many.")
    assert refused(line="👩‍👩‍👧" * 3)["line"].code == "large"
    assert refused(text="語" * 14)["text"].code == "large"


def test_no_browser_cuts_off_what_is_pasted():
    assert "maxlength" not in str(Words()["line"]) + str(Words()["text"])
    assert "<textarea" in str(Words()["text"])
