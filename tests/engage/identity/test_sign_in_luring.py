"""Signing in leads to our own pages only, whatever a link asks for."""

import re

import pytest
from django.test import Client

from tests.engage.identity.test_passkeys import with_passkey
from tests.signing import CONFIRM, ENTRANCE, FRESH, HOW, LOGIN, SIGNUP, code, resident, signed_in

pytestmark = pytest.mark.django_db

HOSTS = (
    "evil.example",
    "evil.example@testserver",
    "testserver.evil.example",
    "[::1]",
    "2130706433",
)
SHAPES = (
    "https://{}/", "http://{}", "//{}/", "///{}", "////{}", "/\\{}", "\\\\{}", "\\/{}", "/\t/{}",
    "/\n/{}", "\t//{}", " //{}", "https:{}", "https:/{}", "https:///{}", "HTTPS://{}",
    "http:\\\\{}", "/%09/{}", "/%5c{}", "/%2f{}", "%2f%2f{}", "//{}%00", "//{}%2f..", "/..//{}",
    "/.//{}", "//{}#@testserver", "//{}?testserver", "//testserver@{}", "//testserver:80@{}",
    "javascript:alert(1)//{}", "JaVaScRiPt://{}", "java\tscript:alert('{}')", "data:text/html,{}",
    "vbscript:{}", "ftp://{}", "mailto:{}", "//\u3002{}", "//{}\u3002", "\u2028//{}", "/\u200b/{}",
    "http://testserver:password@{}", "https://{}/testserver", "x:{}", ".{}", "{}", "?next=//{}",
    "/accounts/logout/?next=//{}", ";//{}", "/;@{}", "//;@{}", "@{}", "http:///{}", "http:@{}",
    "<>//{}", "//{}\\@testserver", "https://testserver\\@{}", "//{}:443", "//{}%E3%80%82",
    "\x00//{}", "\x1f//{}",
)  # fmt: skip
LURES = [shape.replace("{}", host) for shape in SHAPES for host in HOSTS]


def leads_away(location):
    """Whether a browser that is sent to ``location`` leaves the town."""
    cleaned = re.sub(r"[\t\r\n]", "", location).lstrip("".join(map(chr, range(33))))
    slashes = cleaned.replace("\\", "/")
    return slashes.startswith("//") or bool(re.match(r"[a-z][a-z0-9+.-]*:", slashes, re.I))


def test_there_are_as_many_lures_as_the_known_lists_have():
    assert len(LURES) >= 300
    assert leads_away("//evil.example") and not leads_away("/you/")


@pytest.mark.adversary("C14")
@pytest.mark.parametrize("start", range(0, len(LURES), 50))
def test_signing_out_and_in_leads_to_our_own_pages_only(start):
    user = resident()
    for lure in LURES[start : start + 50]:
        client = Client()
        client.post(LOGIN, {"email": user.email, "next": lure})
        client.post(CONFIRM, {"code": code(), "next": lure})
        assert signed_in(client)
        for path in (ENTRANCE, SIGNUP, LOGIN):
            answer = client.get(path, {"next": lure})
            assert not leads_away(answer.headers.get("Location", "/")), (path, lure)
        answer = client.post("/accounts/logout/", {"next": lure})
        assert not leads_away(answer["Location"]), lure


@pytest.mark.adversary("C14")
def test_a_passkey_and_a_fresh_code_lead_to_our_own_pages_only():
    _user, passkey = with_passkey()
    for lure in LURES[::7]:
        client = Client()
        options = client.get(
            f"{HOW}webauthn/login/", headers={"accept": "application/json"}
        ).json()["request_options"]  # fmt: skip
        sent = {"credential": passkey.get(options), "next": lure}
        answer = client.post(f"{HOW}webauthn/login/", sent)
        assert signed_in(client)
        assert not leads_away(answer["Location"]), lure
    ann, client = resident("bo@town.example"), Client()
    client.force_login(ann)
    for lure in LURES[::7]:
        client.post(FRESH, {"next": lure})
        answer = client.post(FRESH, {"next": lure, "code": code()})
        assert not leads_away(answer["Location"]), lure


@pytest.mark.adversary("C14")
def test_no_page_writes_a_lure_into_a_link():
    for lure in LURES:
        for path in (ENTRANCE, SIGNUP, LOGIN, "/language/", "/appearance/"):
            text = Client().get(path, {"next": lure}).content.decode()
            for link in re.findall(r'(?:href|action)="([^"]*)"', text):
                assert not leads_away(link) or "evil" not in link, (path, lure)
