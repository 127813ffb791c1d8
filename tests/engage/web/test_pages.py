import re

import pytest
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse

from engage.identity.models import User
from engage.web.checks import town_colour_can_be_read
from engage.web.errors import error_page
from tests.signing import sign_in_afresh

HTML = {"HTTP_ACCEPT": "text/html"}
STATUSES = [400, 403, 404, 409, 410, 429, 500]


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_need_no_database_no_session_and_no_person(status):
    # No database mark: pytest-django refuses every query.
    response = error_page(RequestFactory().get("/x", **HTML), status)
    text = response.content.decode()
    assert response.status_code == status
    assert text.count("<h1>") == 1
    assert 'href="/"' in text


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_say_the_reason_and_the_way_on(status):
    page = error_page(
        RequestFactory().get("/x", **HTML), status, sentence="Not <today>.", code="x.y", next="/on/"
    )
    text = page.content.decode()
    assert "Not &lt;today&gt;." in text
    assert 'href="/on/"' in text


def test_an_error_page_does_not_even_ask_for_the_person():
    class Nobody:
        def __getattr__(self, name):
            raise AssertionError("an error page asked who is reading")

    request = RequestFactory().get("/x", **HTML)
    request.user = request.session = Nobody()
    assert error_page(request, 500).status_code == 500


PAGES = ["language", "appearance", "voting-help", "account_login", "account_signup", "verify"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_has_one_heading_one_status_and_says_its_language(client, name, language):
    text = client.get(reverse(name), {"lang": language}).content.decode()
    assert f'<html lang="{"en-GB" if language == "en" else "de"}" dir="ltr">' in text
    assert text.count("<h1") == 1
    assert text.count('id="status"') == 1
    assert text.index('class="skip"') < text.index("<header") < text.index('<main id="main"')


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "media"),
    [("", "(prefers-color-scheme: dark)"), ("dark", "all"), ("light", "not all")],
)
def test_night_follows_the_device_until_a_person_chooses(client, chosen, media):
    client.cookies["appearance"] = chosen
    text = client.get(reverse("voting-help")).content.decode()
    assert re.search(r'night\.css" media="([^"]+)"', text)[1] == media


@pytest.mark.django_db
def test_the_appearance_is_kept_and_leads_back(client):
    response = client.post(reverse("appearance"), {"appearance": "dark", "next": "/polls/"})
    assert (response.status_code, response["Location"]) == (302, "/polls/")
    assert client.cookies["appearance"].value == "dark"


@pytest.mark.django_db
def test_a_language_link_keeps_the_address_it_came_from(client):
    text = client.get(reverse("language"), {"next": "/polls/?page=2"}).content.decode()
    assert 'href="/polls/?page=2&amp;lang=de"' in text


@pytest.mark.django_db
def test_the_town_stylesheet_sets_the_towns_colour(client, settings):
    settings.TOWN = settings.TOWN | {"colour": "#0f5257"}
    response = client.get(reverse("town-css"))
    assert response["Content-Type"] == "text/css"
    assert b"--city-day: #0f5257;" in response.content


def test_a_town_does_not_start_with_a_colour_that_could_not_be_read(settings):
    assert town_colour_can_be_read(None) == []
    settings.TOWN = settings.TOWN | {"colour": "#ffcc00"}
    assert "has the same hue and holds" in town_colour_can_be_read(None)[0].msg


@pytest.fixture
def resident(db):
    user = User.objects.create_user("ash@eddersford.example", display_name="Ash")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def code_in(message):
    return re.search(r"^ {4}(\d{6})$", message.body, re.M)[1]


def test_a_resident_signs_in_with_a_code(client, resident):
    answer = client.post(reverse("account_login"), {"login": resident.email}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_confirm_login_code"))
    assert resident.email in answer.content.decode()
    answer = client.post(
        reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[0])}, follow=True
    )
    assert answer.context["user"] == resident
    assert "You are signed in." in answer.content.decode()


def test_a_wrong_code_is_told_first_on_the_page(client, resident):
    client.post(reverse("account_login"), {"login": resident.email})
    text = client.post(reverse("account_confirm_login_code"), {"code": "1"}).content.decode()
    assert "<title>Error: " in text
    assert text.index('id="errors"') < text.index("<h1")


def test_known_and_unknown_addresses_read_the_same(client, resident):
    said = []
    for address in (resident.email, "nobody@eddersford.example"):
        answer = client.post(reverse("account_login"), {"login": address}, follow=True)
        text = re.sub(r'value="[^"]{20,}"', "", answer.content.decode())
        said.append(text.replace(address, "ADDRESS"))
        client.cookies.clear()
    assert said[0] == said[1]
    assert [m.to for m in mail.outbox] == [[resident.email], ["nobody@eddersford.example"]]
    assert "no account" in mail.outbox[1].body


@pytest.mark.django_db
def test_a_newcomer_makes_an_account_with_a_code(client):
    address = "new@eddersford.example"
    answer = client.post(reverse("account_signup"), {"email": address}, follow=True)
    assert "Enter the code" in answer.content.decode()
    client.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[0])})
    assert User.objects.get(email=address).emailaddress_set.get().verified


def test_mails_are_plain_words_with_the_offices_name(client, resident, settings):
    client.post(reverse("account_login"), {"login": resident.email})
    message = mail.outbox[0]
    assert message.alternatives == []
    assert settings.TOWN["office"] in message.body
    assert settings.TOWN["name"] in message.subject
    assert "&" not in message.body
    assert not re.search(r"{[%{]", message.body)


def test_a_person_changes_their_address_and_leaves(client, resident):
    sign_in_afresh(client, resident)
    page = client.get(reverse("account_email")).content.decode()
    assert resident.email in page
    client.post(reverse("account_email"), {"email": "two@eddersford.example", "action_add": ""})
    client.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[0])})
    assert resident.emailaddress_set.get().email == "two@eddersford.example"
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()


@pytest.mark.parametrize("name", ["account_set_password", "account_reset_password"])
def test_the_account_librarys_pages_for_passwords_are_not_there(client, resident, name):
    client.force_login(resident)
    answer = client.get(reverse(name), headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "There are no passwords here" in answer.content.decode()
