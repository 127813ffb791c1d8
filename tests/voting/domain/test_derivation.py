import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from voting.domain.derivation import below, derive

hashes = st.binary(min_size=32, max_size=32)


@given(hashes, st.text("abcdefghij", max_size=9), st.integers(1, 500), hashes)
def test_it_is_hkdf(seed, name, length, manifest):
    info = b"civic-ballot/1 " + name.encode() + b"\n" + manifest
    expected = HKDF(SHA256(), length, salt=None, info=info).derive(seed)
    assert derive(seed, name, length, manifest) == expected


@given(st.binary(max_size=400), st.integers(2, 2**256))
def test_a_number_lies_below_its_bound(wide, bound):
    assert 1 <= below(wide, bound) < bound


def test_hkdf_has_an_end():
    assert len(derive(bytes(32), "key", 8160, bytes(32))) == 8160
    with pytest.raises(ValueError, match="8,160"):
        derive(bytes(32), "key", 8161, bytes(32))
