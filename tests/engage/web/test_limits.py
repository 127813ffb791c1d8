"""Whose tries are counted together: a household's, whatever it says of itself."""

import pytest
from django.test import RequestFactory

from engage.identity.adapter import AccountAdapter
from engage.web.limits import by_address

PEER = "10.0.0.2"


def counted(**headers):
    request = RequestFactory().get("/", REMOTE_ADDR=headers.pop("peer", PEER), **headers)
    key = by_address("any", request)
    assert AccountAdapter().get_client_ip(request) == key
    return key


@pytest.mark.adversary("C3")
def test_nobody_is_believed_about_their_own_address(settings):
    settings.TRUSTED_PROXIES = 0
    assert counted(HTTP_X_FORWARDED_FOR="203.0.113.9") == PEER
    settings.TRUSTED_PROXIES = 1
    assert counted(HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9") == "203.0.113.9"
    assert counted() == counted(HTTP_X_FORWARDED_FOR="nobody") == PEER
    settings.TRUSTED_PROXIES = 2
    assert counted(HTTP_X_FORWARDED_FOR="203.0.113.9") == PEER, "one of two was passed by"


@pytest.mark.adversary("C3")
def test_a_household_with_many_addresses_is_one(settings):
    settings.TRUSTED_PROXIES = 0
    assert counted(peer="2001:db8::1") == counted(peer="2001:db8::ffff:2")
    assert counted(peer="2001:db8:0:1::1") != counted(peer="2001:db8::1")
