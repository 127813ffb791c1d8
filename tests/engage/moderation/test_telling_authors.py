"""Authors hear of decisions and answers: once each, in mails that nobody's words can bend."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from engage.identity.models import OptOut
from engage.identity.services.erasing import erase_account
from engage.moderation import tick
from engage.moderation.models import Appeal, Decision, Sanction
from engage.moderation.tick import tell_authors
from tests.engage.moderation.texts import HOSTILE, decided, item, notes
from tests.voting import polls

pytestmark = pytest.mark.django_db
failing: list[Exception] = []
"""What the mail server answers next."""


class Moody(EmailBackend):
    """A mail server that says what it is told to, and takes a mail otherwise."""

    def send_messages(self, messages):
        if failing:
            raise failing.pop(0)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def nothing_put_off(monkeypatch):
    monkeypatch.setattr(tick, "_rest", tick._Rest())
    failing.clear()


def sent():
    mail.outbox.clear()
    tell_authors()
    return list(mail.outbox)


def html_of(message):
    (alternative,) = message.alternatives
    return alternative.content


def answered(decision, outcome="overturned", **more):
    values = {"words": "No", "answer": "You are right.", "answered_at": timezone.now()} | more
    return Appeal.objects.create(decision=decision, outcome=outcome, **values)


def test_a_statement_says_what_why_by_which_rule_and_how_to_appeal(settings):
    author = polls.person()
    with notes(title="Trees on the quay"):
        decision = decided(item(author))
        (message,) = sent()
    assert message.to == [author.email]
    assert message.subject == "Your text was hidden – Eddersford"
    address = f"{settings.SITE_ORIGIN}/you/decisions/{decision.pk}/"
    for body in (message.body, html_of(message)):
        for told in (
            "Trees on the quay", "It insults somebody", "Rule 2", "We hid your text.", address,
            "another moderator looks again", "cannot be switched off",
        ):  # fmt: skip
            assert told in body
    assert decision.by.email not in message.body
    assert "List-Unsubscribe" not in message.extra_headers
    decision.refresh_from_db()
    assert decision.told_at


def test_each_is_told_once_and_a_decision_without_a_statement_never():
    text = item(polls.person())
    decided(text)
    decided(text, verb="approve", statement="")
    assert len(sent()) == 1
    assert sent() == []


def test_an_answered_appeal_is_told_and_an_open_one_is_not():
    author = polls.person()
    decision = decided(item(author), told_at=timezone.now())
    other = decided(item(author), told_at=timezone.now())
    Appeal.objects.create(decision=other, words="Wait for it")
    answered(decision)
    (message,) = sent()
    assert message.subject.startswith("Your appeal: the decision was taken back")
    assert "You are right." in message.body
    assert sent() == []
    Appeal.objects.filter(decision=other).update(outcome="upheld", answered_at=timezone.now())
    assert "the decision stands" in sent()[0].subject


def test_somebody_who_is_silenced_reads_until_when():
    author = polls.person()
    decision = decided(item(author), verb="silence")
    until = timezone.now() + timedelta(days=3)
    Sanction.objects.create(person=author, kind="silence", until=until, decision=decision)
    (message,) = sent()
    assert timezone.localtime(until).strftime("%Y, %H:%M") in message.body


@pytest.mark.adversary("J6")
def test_no_opt_out_keeps_it_away_and_nobody_without_an_address_is_asked_again():
    author = polls.person()
    OptOut.objects.create(person=author, about="polls")
    decided(item(author))
    assert len(sent()) == 1
    for unreachable in (polls.person(confirmed=False), polls.person(is_active=False), None):
        decided(item(unreachable))
    assert sent() == []
    assert not Decision.objects.filter(told_at=None).exists()


def test_who_has_been_erased_meanwhile_is_written_no_more():
    author = polls.person()
    decided(item(author))
    erase_account(person=author, keep_texts=True)
    assert sent() == []


@pytest.mark.adversary("E1")
@pytest.mark.adversary("E14")
def test_hostile_titles_and_reasons_bend_neither_subject_nor_lines():
    with notes(title=HOSTILE):
        decision = decided(item(polls.person()), why=HOSTILE[:200], rule=HOSTILE[:60],
                           statement=f"One\r\n\r\nTwo {HOSTILE}")  # fmt: skip
        answered(decision, answer=HOSTILE)
        statement, answer = sent()
    for message in (statement, answer):
        assert "\n" not in message.subject
        assert "\r" not in message.body
        assert set(message.message().keys()) & {"Bcc", "Cc"} == set()
        for turned in "\u202e\u2066":
            assert turned not in message.body + html_of(message) + message.subject
        assert "<script>" not in html_of(message)
        assert "&lt;script&gt;" in html_of(message)
        assert message.recipients() == message.to
    lines = statement.body.splitlines()
    assert any(line.startswith("It is about “Ash Bcc: all@town.example") for line in lines)
    assert not any(line.startswith("Bcc") for line in lines[:4])


def test_a_mail_server_that_is_away_is_asked_again_after_a_rest(settings, caplog, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Moody"
    author = polls.person()
    for _ in range(2):
        decided(item(author))
    failing.append(ConnectionRefusedError(author.email))
    assert sent() == []
    assert author.email not in caplog.text
    assert "ConnectionRefusedError" in caplog.text
    assert sent() == []  # it rests
    assert not Decision.objects.filter(told_at__isnull=False).exists()
    monkeypatch.setattr(tick, "_rest", tick._Rest())
    assert len(sent()) == 2


@pytest.mark.parametrize(
    ("refusal", "for_good"),
    [(smtplib.SMTPRecipientsRefused({"a": (550, b"nobody")}), True),
     (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), False),
     (smtplib.SMTPDataError(554, b"no"), True), (smtplib.SMTPDataError(451, b"later"), False)],
)  # fmt: skip
def test_an_address_that_is_refused_keeps_nobody_else_waiting(settings, refusal, for_good):
    settings.EMAIL_BACKEND = f"{__name__}.Moody"
    first, second = decided(item(polls.person())), decided(item(polls.person()))
    failing.append(refusal)
    assert [message.to for message in sent()] == [[second.item.author.email]]
    first.refresh_from_db()
    assert bool(first.told_at) == for_good
    assert sent() == []
    tick._rest.those.clear()
    assert len(sent()) == (0 if for_good else 1)


@pytest.mark.faults
def test_whoever_is_killed_before_it_is_noted_sends_that_one_again(monkeypatch):
    for _ in range(3):
        decided(item(polls.person()))

    def killed(**_about):
        raise SystemExit

    monkeypatch.setattr(tick, "note_told", killed)
    mail.outbox.clear()
    with pytest.raises(SystemExit):
        tell_authors()
    doubled = mail.outbox[0].to
    monkeypatch.undo()
    told = [message.to for message in sent()]
    assert len(told) == 3
    assert told.count(doubled) == 1


def test_after_a_week_it_stands_on_the_page_alone():
    decided(item(polls.person()), at=timezone.now() - timedelta(days=8))
    assert sent() == []


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_round_costs_two_queries_when_there_is_nothing(number, django_assert_num_queries):
    for _ in range(number):
        decided(item(polls.person()), told_at=timezone.now())
    with django_assert_num_queries(2):
        tell_authors()
