import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain.recovery import ALPHABET, recovery_code, seed_from_code
from voting.domain.refusal import Refusal

seeds = st.binary(min_size=32, max_size=32)


@given(seeds)
def test_a_seed_comes_back_however_it_is_written(seed):
    code = recovery_code(seed)
    assert [len(group) for group in code.split("-")] == [5] * 11
    spellings = [
        code,
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' - ')}\n",
        code.replace("0", "o").replace("1", "l"),
        code.replace("0", "O").replace("1", "I"),
    ]
    assert {seed_from_code(spelling) for spelling in spellings} == {seed}


@given(seeds, st.integers(0, 54), st.sampled_from(ALPHABET))
def test_a_wrong_sign_is_noticed(seed, place, sign):
    signs = recovery_code(seed).replace("-", "")
    other = signs[:place] + sign + signs[place + 1 :]
    if other != signs:
        try:  # the checksum has 16 bits
            assert seed_from_code(other) != seed
        except Refusal as refusal:
            assert refusal.code == "recovery-code"


@given(st.text() | st.text(ALPHABET, min_size=55, max_size=55))
def test_arbitrary_text_is_refused_or_a_seed(text):
    try:
        assert len(seed_from_code(text)) == 32
    except Refusal as refusal:
        assert refusal.code == "recovery-code"


@pytest.mark.parametrize("text", ["", "0" * 54, "0" * 56, "U" + "0" * 54, "é" * 55, "٠" * 55])
def test_other_lengths_and_signs_are_refused(text):
    with pytest.raises(Refusal, match="55"):
        seed_from_code(text)


def test_the_last_bits_are_zero():
    code = recovery_code(bytes(32))
    with pytest.raises(Refusal, match="wrong"):
        seed_from_code(code[:-1] + "1")
