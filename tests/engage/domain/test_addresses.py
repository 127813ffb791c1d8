"""Nobody chooses the address they count for, and nobody is counted for another's."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.addresses import client_address, counted_as

ADDRESSES = st.ip_addresses().map(str)
CLAIMS = st.lists(st.one_of(ADDRESSES, st.text(max_size=40), st.just("6.6.6.6, 7.7.7.7")))


@pytest.mark.adversary("G4")
@given(ADDRESSES, CLAIMS)
def test_without_proxies_of_ours_no_claim_is_believed(peer, claims):
    assert client_address(peer, claims, 0) == peer


@pytest.mark.adversary("G4", "B8")
@given(ADDRESSES, ADDRESSES, CLAIMS, st.booleans())
def test_behind_a_proxy_only_what_it_appended_counts(proxy, visitor, claims, one_header):
    appended = [", ".join([*claims, visitor])] if one_header else [*claims, visitor]
    assert client_address(proxy, appended, 1) == visitor


@given(ADDRESSES, ADDRESSES, ADDRESSES, CLAIMS)
def test_behind_two_the_first_of_ours_saw_the_visitor(outer, inner, visitor, claims):
    assert client_address(inner, [*claims, visitor, outer], 2) == visitor


@given(ADDRESSES, st.lists(ADDRESSES, max_size=2), st.integers(3, 5))
def test_who_came_past_the_proxies_counts_as_itself(peer, claims, proxies):
    assert client_address(peer, claims, proxies) == peer


@pytest.mark.parametrize("said", ["", "unknown", "_hidden", "1.2.3", "1.2.3.4:80", "[::1]", "\x85"])
def test_what_is_no_address_is_not_believed(said):
    assert client_address("10.0.0.2", [said], 1) == "10.0.0.2"


@given(st.ip_addresses(v=6).filter(lambda a: a.ipv4_mapped is None), st.integers(0, 2**64 - 1))
def test_a_household_is_one(address, host):
    neighbour = ipaddress.IPv6Address((int(address) >> 64 << 64) + host)
    if neighbour.ipv4_mapped is None:
        assert counted_as(str(address)) == counted_as(str(neighbour))
    other = ipaddress.IPv6Address((int(address) + (1 << 64)) % 2**128)
    assert counted_as(str(address)) != counted_as(str(other))


@given(st.ip_addresses(v=4))
def test_an_address_has_one_spelling(address):
    assert counted_as(str(address)) == counted_as(f"::ffff:{address}") == str(address)


@given(st.text(max_size=60))
def test_anything_at_all_can_be_asked(text):
    assert isinstance(counted_as(text), str)


def test_a_zone_is_no_part_of_it_and_a_file_is_nobody():
    assert counted_as("fe80::1%eth0") == counted_as("fe80::2%eth1") == "fe80::/64"
    assert counted_as("") == counted_as("/run/town.sock") == ""
