"""One installation is one town: whatever host a request claims, it gets this town or nothing."""

import pytest
from django.core import mail
from django.core.signing import Signer
from django.test import Client, override_settings

from engage.identity.mail import unsubscribe_address
from tests.voting import polls

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
CLAIMS = {
    "forwarded-host": {"X-Forwarded-Host": EVIL},
    "forwarded": {"Forwarded": f"for=1.2.3.4;host={EVIL};proto=https"},
    "forwarded-server": {"X-Forwarded-Server": EVIL, "X-Host": EVIL, "X-Original-Host": EVIL},
    "original-url": {"X-Original-URL": f"https://{EVIL}/office/", "X-Rewrite-URL": "/office/"},
    "forwarded-proto": {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
}
HOSTS = [
    EVIL, f"testserver.{EVIL}", f"{EVIL}#testserver", f"testserver@{EVIL}", f"{EVIL}:80@testserver",
    "testserver,evil.example", "testserver evil.example", "127.0.0.1.evil.example",
    "[::ffff:1.2.3.4]",
    "TESTSERVER.", "", "xn--testserver", "testserver\t", "..", "localhost.evil.example:8000",
]  # fmt: skip
PAGES = ["/", "/polls/", "/accounts/login/", "/readyz", "/office/", "/town.css"]


@pytest.mark.adversary("D10")
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", PAGES)
def test_another_host_is_refused(host, path):
    answer = Client(raise_request_exception=False).get(path, headers={"Host": host})
    assert EVIL.encode() not in answer.content
    assert EVIL not in answer.get("Location", "")
    if host not in ("", "TESTSERVER."):  # no header at all; the same name with a full stop
        assert answer.status_code == 400


@pytest.mark.adversary("D10")
@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("path", PAGES)
def test_what_a_request_claims_of_its_host_is_not_believed(claim, path):
    plain, claimed = (Client().get(path, headers=headers) for headers in ({}, CLAIMS[claim]))
    assert claimed.status_code == plain.status_code
    assert claimed.get("Location") == plain.get("Location")
    assert EVIL.encode() not in claimed.content


@pytest.mark.adversary("D10")
@pytest.mark.parametrize("claim", CLAIMS)
def test_no_mail_leads_elsewhere(claim):
    person = polls.person()
    client = Client(headers=CLAIMS[claim])
    client.post("/accounts/login/code/", {"email": person.email})
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert EVIL not in mail.outbox[0].message().as_string()


@pytest.mark.adversary("D9")
def test_what_another_town_signed_is_nobody_s_here():
    """A session, a link of a mail, a link to one's data: made under another town's key."""
    person, client = polls.person(), Client()
    with override_settings(SECRET_KEY="another town's key, which is not ours"):
        client.force_login(person)
        assert client.get("/you/").status_code == 200
    assert client.get("/you/").status_code == 302


@pytest.mark.adversary("D9")
def test_another_town_s_links_open_nothing(settings):
    ours = unsubscribe_address(polls.person(), "polls").removeprefix(settings.SITE_ORIGIN)
    path, _slash, token = ours.rstrip("/").rpartition("/")
    signed = token.rpartition(":")[0]
    theirs = Signer(key="another town's key", salt="engage.identity.mail").sign(signed)
    assert Client().get(ours).status_code == 200
    for link in (theirs, signed, f"{signed}:", token[:-1], f"{token}%91"):
        assert Client().post(f"{path}/{link}/").status_code == 404
