"""No page, mail or message of the accounts library is seen in any words but ours."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, get_resolver, resolve
from hypothesis import given
from hypothesis import strategies as st

from engage.identity.domain.devices import BROWSERS, SYSTEMS, device
from engage.identity.domain.mailboxes import is_address

LIBRARY = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
UNREACHABLE = ("password", "phone", "email_confirm_", "email_deleted", "account_email_verif")
APPS = ("account", "mfa", "usersessions", "socialaccount")


def routes(patterns, before=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern), pattern
        else:
            yield from routes(pattern.url_patterns, before + str(pattern.pattern))


def drawn():
    """The template of every view under /accounts/ that an address really leads to."""
    for address, pattern in routes(get_resolver().url_patterns):
        kind = getattr(pattern.callback, "view_class", None)
        template = getattr(kind, "template_name", None)
        plain = "/" + address.replace("<int:pk>", "1")
        if not address.startswith("accounts/") or "<" in plain or "(" in plain or not template:
            continue
        if resolve(plain).func is pattern.callback:
            yield template


def words():
    """Mails and messages of the library, without those of what is not there: passwords, phones."""
    for app in APPS:
        for kind in ("email", "messages"):
            for file in sorted((LIBRARY / app / kind).glob("*.txt")):
                if not any(sign in file.name for sign in UNREACHABLE):
                    yield str(file.relative_to(LIBRARY))


@pytest.mark.parametrize("name", sorted(set(drawn())))
def test_every_page_is_our_own(name):
    path = Path(get_template(name).origin.name)
    assert path.is_relative_to(OURS)
    assert "{% element" not in path.read_text()


@pytest.mark.parametrize("name", sorted(words()))
def test_every_mail_and_message_is_our_own(name):
    assert Path(get_template(name).origin.name).is_relative_to(OURS)


def test_there_are_as_many_pages_as_there_were():
    assert len(set(drawn())) >= 16
    assert len(list(words())) >= 25


@given(st.text())
def test_a_browser_is_told_in_words_of_the_table_only(said):
    known = {name for _sign, name in (*BROWSERS, *SYSTEMS)}
    assert set(device(said).split(", ")) <= known | {""}


@given(st.text())
def test_what_is_an_address_can_be_written_into_a_mail(said):
    if is_address(said):
        name, _at, host = said.rpartition("@")
        assert name.isascii()
        host.encode("idna")
        assert not set(said) & set("\r\n\t\x00 \u200b\u202e")
