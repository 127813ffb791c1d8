import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain import base64url
from voting.domain.refusal import Refusal


@given(st.binary())
def test_bytes_come_back(raw):
    assert base64url.decode(base64url.encode(raw)) == raw
    assert base64url.decode(base64url.encode(raw), len(raw)) == raw


@given(st.text())
def test_a_text_is_the_one_text_of_its_bytes_or_refused(text):
    try:
        assert base64url.encode(base64url.decode(text)) == text
    except Refusal as refusal:
        assert refusal.code == "fields"


@pytest.mark.parametrize(
    "text", ["AA==", "AB", "A", "AA\n", " AA", "A+", "A/", "A=A", "AAé", "٣٣٣٣", None, 1, b"AA", []]
)
def test_other_spellings_are_refused(text):
    with pytest.raises(Refusal, match="base64url"):
        base64url.decode(text)


def test_the_length_is_checked():
    with pytest.raises(Refusal, match="length"):
        base64url.decode("AA", 2)
