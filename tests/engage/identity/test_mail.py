"""Mails: to confirmed addresses, to who wants them, ended by one POST and never by a GET."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.test import Client

from engage.identity.mail import ACCOUNT, TOPICS, send_notice, unsubscribe_address
from engage.identity.models import OptOut, Place
from engage.identity.notices import clerk_acted, poll_announced
from engage.identity.services.erasing import erase_account
from engage.identity.services.letters import ask_letter
from engage.identity.services.trusting import end_role, give_role
from tests.engage.identity.people import browser, town
from tests.voting import polls

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return polls.person()


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    def send(*args):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            wanted = send_notice(*args)
        assert wanted == bool(mail.outbox)
        return mail.outbox

    return send


def stop_path(message):
    (header,) = re.findall(r"^<https?://[^/]+(/.*)>$", message.extra_headers["List-Unsubscribe"])
    return header


def test_a_notice_of_a_topic_carries_the_way_to_end_it(person, sent, settings):
    (message,) = sent(person, "polls", "A poll for\n you", "It opens on Thursday.")
    assert message.to == [person.email]
    assert message.subject == "A poll for you – Eddersford"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = unsubscribe_address(person, "polls")
    assert message.extra_headers["List-Unsubscribe"] == f"<{address}>"
    assert address in message.body
    assert address.startswith(settings.SITE_ORIGIN)
    assert not message.attachments


def test_what_concerns_the_account_cannot_be_switched_off(person, sent):
    OptOut.objects.create(person=person, about=ACCOUNT)
    (message,) = sent(person, ACCOUNT, "A role was given to you", "You are an auditor now.")
    assert "List-Unsubscribe" not in message.extra_headers


@pytest.mark.adversary("J5")
def test_one_post_without_signing_in_ends_them(person, sent):
    path = stop_path(sent(person, "polls", "News", "Text")[0])
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not sent(person, "polls", "News", "Text")
    assert client.post(path).status_code == 200  # twice is once
    assert OptOut.objects.filter(person=person).count() == 1
    assert not answer.cookies


@pytest.mark.adversary("C11")
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_opens_the_link_changes_nothing(person, sent, method):
    path = stop_path(sent(person, "polls", "News", "Text")[0])
    for _ in range(3):
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
    assert not OptOut.objects.exists()
    assert sent(person, "polls", "News", "Text")


@pytest.mark.adversary("C10")
def test_links_that_we_did_not_make_get_the_same_answer_as_those_of_the_erased(person, sent):
    path = stop_path(sent(person, "polls", "News", "Text")[0])
    token = path.split("/")[-2]
    gone = polls.person()
    of_the_gone = unsubscribe_address(gone, "polls").split("/")[-2]
    erase_account(person=gone, keep_texts=False)
    odd = [of_the_gone, token[:-1], token + token, "%91", token.replace("polls", "account"),
           token.lower(), "x", "." * 300, token.split(":")[0]]  # fmt: skip
    answers = {
        re.sub(r"next=[^\"&]*", "", Client(headers={"Accept": "text/html"}).post(
            f"/you/mail/stop/{each}/").content.decode())
        for each in odd
    }  # fmt: skip
    assert len(answers) == 1
    assert not OptOut.objects.exists()


@pytest.mark.adversary("J6")
def test_the_page_of_the_link_tells_nothing_of_whose_it_is(person, sent):
    path = stop_path(sent(person, "polls", "News", "Text")[0])
    page = Client(headers={"Accept": "text/html"}).get(path).content.decode()
    assert person.email not in page
    assert str(person.pk) not in page


def test_everybody_chooses_on_their_page(person, sent):
    client = browser(person)
    assert "checked" in client.get("/you/mail/").content.decode()
    client.post("/you/mail/", {})
    assert OptOut.objects.filter(person=person).count() == len(TOPICS)
    assert not sent(person, "polls", "News", "Text")
    assert "checked" not in client.get("/you/mail/").content.decode()
    client.post("/you/mail/", {"wanted": list(TOPICS)})
    assert sent(person, "polls", "News", "Text")
    refused = client.post("/you/mail/", {"wanted": ["account"]})
    assert refused.status_code == 200
    assert not OptOut.objects.exists()


def test_only_a_confirmed_address_gets_mail(sent):
    stranger = polls.person(confirmed=False)
    assert not sent(stranger, ACCOUNT, "News", "Text")
    EmailAddress.objects.create(user=stranger, email="second@town.example", verified=True)
    assert sent(stranger, ACCOUNT, "News", "Text")[0].to == ["second@town.example"]


def test_a_topic_that_does_not_exist_is_a_mistake_of_ours(person):
    with pytest.raises(ValueError, match="parrots"):
        send_notice(person, "parrots", "News", "Text")


def test_a_roll_back_sends_nothing(person, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    capture = django_capture_on_commit_callbacks(execute=True)
    with capture, pytest.raises(ZeroDivisionError), transaction.atomic():
        send_notice(person, ACCOUNT, "News", "Text")
        raise ZeroDivisionError
    assert mail.outbox == []


def test_a_mail_server_that_is_away_stops_nobody_and_no_log_names_the_person(
    person, settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        assert send_notice(person, ACCOUNT, "News", "Text")
    assert "a mail could not be sent" in caplog.text
    assert person.email not in caplog.text


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """What is mailed while ``act`` is done, as (address, subject)."""

    def tell(act):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return [(message.to[0], message.subject.split(" – ")[0]) for message in mail.outbox]

    return tell


def test_whoever_gets_or_loses_a_role_hears_of_it(person, told):
    administrator = polls.person("administrator")
    kind = {"person": person, "role": "auditor", "area": None, "by": administrator}
    assert told(lambda: give_role(**kind)) == [(person.email, "A role was given to you")]
    assert "Auditor, the whole town" in mail.outbox[0].body
    (grant,) = person.grants.all()
    ended = told(lambda: end_role(grant=grant, by=administrator))
    assert ended == [(person.email, "A role of yours ended")]


def test_whoever_asked_for_a_letter_hears_of_it(person, told):
    Place.objects.create(postcode="ED12AB", area=town()[1])
    ask = {"name": "Ann", "street": "Weir Lane 7", "postcode": "ED12AB"}
    assert told(lambda: ask_letter(person=person, **ask)) == [
        (person.email, "A letter is on its way")
    ]
    assert "Weir Lane" not in mail.outbox[0].body


def test_the_person_for_whom_a_clerk_acts_hears_of_it_also_without_wanting_mail(person, told):
    OptOut.objects.create(person=person, about="polls")
    assert told(lambda: clerk_acted(person, "Trees?")) == [(person.email, "A clerk acts for you")]
    assert "Trees?" in mail.outbox[0].body


def test_a_poll_is_told_of_to_whoever_wants_it(person, told):
    def announce():
        poll_announced(person, "Trees?", "/polls/7/")

    assert told(announce) == [(person.email, "A poll that you may vote in")]
    assert "/polls/7/" in mail.outbox[0].body
    OptOut.objects.create(person=person, about="polls")
    assert told(announce) == []
