"""Two at the same moment: one person twice, or two people with one address."""

import pytest
from django.db import connections
from django.test import Client

from engage.identity.models import Claim, User
from tests.oidc_visitor import come_back, go, leave, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.adversary("C13")]


def coming_back(service, people):
    """Everybody's way back, each in a browser of their own."""
    visitors = [Client() for _ in people]
    ways = []
    for visitor, person in zip(visitors, people, strict=True):
        there = leave(visitor)
        service.person = person
        ways.append(go(there))
    return visitors, ways


def test_one_person_who_comes_twice_at_once_is_one(service, settings, at_once):
    settings.OIDC = service.settings(level="national")
    visitors, ways = coming_back(service, [{"sub": "ann-0001"}] * 6)
    answers = at_once(lambda i: _answer(visitors[i], ways[i]), 6)
    assert {answer.status_code for answer in answers} <= {302, 410}
    assert User.objects.count() == 1
    assert Claim.objects.count() == 1
    assert any(map(signed_in, visitors))


def test_of_two_with_one_address_one_has_it_and_both_are_in(service, at_once):
    """The service's fault, but nobody is locked out by it and nobody joined to another."""
    mail = {"email": "ann@town.example", "email_verified": True}
    visitors, ways = coming_back(service, [{"sub": f"ann-{i}"} | mail for i in range(6)])
    answers = at_once(lambda i: _answer(visitors[i], ways[i]), 6)
    assert [answer.status_code for answer in answers] == [302] * 6, answers
    assert User.objects.filter(email=mail["email"]).count() == 1
    assert all(map(signed_in, visitors))


def _answer(visitor, way):
    try:
        return come_back(visitor, way)
    finally:
        connections.close_all()
