"""What goes by itself: to the moment, once, in whole pieces, and nothing that is still wanted."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engage.identity.domain.retention import Kept, cutoff, cutoff_day, ends_at, is_due
from engage.identity.models import (
    Assistance,
    Claim,
    Consent,
    Disclosure,
    Import,
    Letter,
    RoleGrant,
    User,
)
from engage.identity.services import forgetting
from engage.identity.services.forgetting import JOBS, forget, forget_daily, jobs
from tests.engage.identity.people import browser, clerk, resident_with_everything, town
from tests.voting import polls

KEPT = st.sampled_from(Kept)
MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda when: 1990 < when.year < 9000)
TICK = timedelta(microseconds=1)
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@given(KEPT, MOMENTS)
def test_the_boundary_is_exact(kept, ended):
    end = ends_at(kept, ended)
    assert end - ended == timedelta(days=kept.days)
    assert is_due(kept, ended, end)
    assert not is_due(kept, ended, end - TICK)


@given(KEPT, MOMENTS, MOMENTS)
def test_what_is_due_stays_due_and_the_cutoff_says_the_same(kept, ended, now):
    assert is_due(kept, ended, now) == (ended <= cutoff(kept, now))
    assert not is_due(kept, ended, now) or is_due(kept, ended, now + timedelta(days=1))
    assert cutoff_day(kept, now.date()) == cutoff(kept, now).date()
    assert not is_due(kept, None, now)


def make(kind, ended):
    """One row of its kind whose use ended at that moment."""
    person, before = polls.person(), ended - timedelta(days=1)
    if kind == "letters":
        return Letter.objects.create(person=person, area=town()[1], expires_at=ended)
    if kind == "claims":
        return Claim.objects.create(person=person, level=2, made_at=before, expires_at=ended)
    if kind == "disclosures":
        return Disclosure.objects.create(person=person, why="search", at=ended)
    if kind == "sessions":
        return Session.objects.create(session_key=f"s{ended}", expire_date=ended)
    if kind == "imports":
        return Import.objects.create(kind="places", rows=b"", at=ended)
    if kind == "roles":
        return RoleGrant.objects.create(person=person, role="auditor", since=before, until=ended)
    if kind == "consents":
        return Consent.objects.create(
            person=person, text="a", version=1, given_at=before, withdrawn_at=ended
        )
    assert kind == "operators"
    log = LogEntry.objects.create(user=person, action_flag=CHANGE, object_repr="x")
    LogEntry.objects.filter(pk=log.pk).update(action_time=ended)
    return log


BY_TIME = ("letters", "claims", "disclosures", "sessions", "imports", "roles", "consents",
           "operators")  # fmt: skip


@pytest.mark.parametrize("kind", BY_TIME)
@pytest.mark.django_db
def test_each_kind_goes_at_its_moment_and_not_before(kind):
    kept = next(each for each in Kept if each.title == kind)
    due, not_yet = make(kind, cutoff(kept, NOW)), make(kind, cutoff(kept, NOW) + TICK)
    counted = {each.what: each.count for each in forget(NOW, dry_run=True)}
    assert counted[kind] == 1
    assert type(due).objects.filter(pk__in=[due.pk, not_yet.pk]).count() == 2
    assert {each.what: each.count for each in forget(NOW)} == counted
    assert list(type(due).objects.filter(pk__in=[due.pk, not_yet.pk])) == [not_yet]
    assert all(each.count == 0 for each in forget(NOW))


@pytest.mark.parametrize(
    ("kind", "field"),
    [("claims", "expires_at"), ("roles", "until"), ("consents", "withdrawn_at")],
)
@pytest.mark.django_db
def test_what_has_no_end_stays(kind, field):
    row = make(kind, NOW)
    type(row).objects.filter(pk=row.pk).update(**{field: None})
    forget(NOW + timedelta(days=9_999))
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_an_act_lets_go_of_the_consent_that_proves_it():
    person, now = polls.person(), timezone.now()
    old = now - timedelta(days=Kept.CONSENTS.days)
    consent = Consent.objects.create(
        person=person, text="assisted", version=1, given_at=old, withdrawn_at=old
    )
    act = Assistance.objects.create(
        person=person, clerk=clerk(), channel="paper", consent=consent, topic="poll.x",
        on=timezone.localdate(now) - timedelta(days=Kept.ASSISTANCES.days - 1),
    )  # fmt: skip
    forget(now)
    assert Consent.objects.filter(pk=consent.pk).exists()
    forget(now + timedelta(days=1))
    assert not Assistance.objects.filter(pk=act.pk).exists()
    assert not Consent.objects.filter(pk=consent.pk).exists()


UNCONFIRMED = {
    "nothing": True, "an hour early": False, "confirmed": False, "a claim": False, "a role": False,
    "staff": False, "no address": False, "an outside account": False, "a passkey": False,
}  # fmt: skip


@pytest.mark.parametrize("known", UNCONFIRMED)
@pytest.mark.django_db
def test_only_accounts_that_nobody_confirmed_and_nothing_is_known_of_go(known):
    person = polls.person(confirmed=known == "confirmed", is_staff=known == "staff")
    joined = NOW.date() - timedelta(days=Kept.UNCONFIRMED.days - (known == "an hour early"))
    User.objects.filter(pk=person.pk).update(joined_on=joined)
    if known == "a claim":
        Claim.objects.create(person=person, level=3)
    elif known == "a role":
        RoleGrant.objects.create(person=person, role="auditor")
    elif known == "no address":
        User.objects.filter(pk=person.pk).update(email=None)
        EmailAddress.objects.all().delete()
    elif known == "an outside account":
        person.socialaccount_set.create(provider="town", uid="7")
    elif known == "a passkey":
        person.authenticator_set.create(type="totp", data={})
    forget(NOW)
    assert User.objects.filter(pk=person.pk).exists() is not UNCONFIRMED[known]


@pytest.mark.django_db
def test_sessions_of_nobody_and_entries_of_sessions_gone_are_found():
    person, other = polls.person(), polls.person()
    for each in (person, other):
        browser(each).get("/you/")
    kept = set(Session.objects.values_list("pk", flat=True))
    assert len(kept) == 2
    User.objects.filter(pk=person.pk).delete()
    counted = {(each.what, each.why): each.count for each in forget(timezone.now())}
    assert sum(counted.values()) == 1
    (left,) = Session.objects.all()
    assert left.get_decoded()["_auth_user_id"] == str(other.pk)
    left.delete()
    forget(timezone.now())
    assert not UserSession.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_says_how_many_of_what_and_why_and_changes_nothing(capsys):
    person = resident_with_everything()
    Letter.objects.update(expires_at=timezone.now() - timedelta(days=1))
    call_command("forget", "--dry-run")
    told = capsys.readouterr().out
    assert "1  letters whose code ran out\n" in told
    assert told.endswith("1 would go\n")
    assert len(told.splitlines()) == len(jobs()) + 1
    assert Letter.objects.filter(person=person).exists()
    call_command("forget")
    assert capsys.readouterr().out.endswith("1 gone\n")
    assert not Letter.objects.exists()
    call_command("forget")
    assert capsys.readouterr().out.endswith("0 gone\n")


@pytest.mark.django_db
def test_a_round_goes_on_where_a_killed_one_stopped(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(5):
        Disclosure.objects.create(person=polls.person(), why="search", at=now)
    later = now + timedelta(days=Kept.DISCLOSURES.days)
    whole, calls = forgetting._let_go, []

    def dies_on_the_second_batch(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args)

    with monkeypatch.context() as killed:
        killed.setattr(forgetting, "_let_go", dies_on_the_second_batch)
        with pytest.raises(KeyboardInterrupt):
            forget(later)
    assert Disclosure.objects.count() == 3
    assert sum(each.count for each in forget(later)) == 3
    assert Disclosure.objects.count() == 0


@pytest.mark.django_db
def test_a_claim_that_is_renewed_in_this_moment_stays(monkeypatch):
    claim = make("claims", NOW)
    whole = forgetting._let_go

    def renewed_first(due, keys):
        Claim.objects.filter(pk=claim.pk).update(expires_at=NOW + timedelta(days=9))
        return whole(due, keys)

    monkeypatch.setattr(forgetting, "_let_go", renewed_first)
    assert sum(each.count for each in forget(NOW)) == 0
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.django_db
def test_the_worker_does_it_once_a_day(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(forgetting._Round, "on", None)
    Letter.objects.create(
        person=polls.person(), area=town()[1], expires_at=timezone.now() - timedelta(1)
    )
    forget_daily()
    assert not Letter.objects.exists()
    with django_assert_num_queries(0):
        forget_daily()


@pytest.mark.django_db
def test_what_cannot_go_keeps_nothing_else_from_going(monkeypatch, caplog):
    def broken(now):
        raise RuntimeError("no such day")

    first = forgetting.Job(Kept.OPERATORS, "never", broken)
    monkeypatch.setattr(forgetting, "JOBS", (first, *JOBS))
    monkeypatch.setattr(forgetting._Round, "on", None)
    Letter.objects.create(
        person=polls.person(), area=town()[1], expires_at=timezone.now() - timedelta(1)
    )
    forget_daily()
    assert not Letter.objects.exists()
    assert "could not forget: operators" in caplog.text
