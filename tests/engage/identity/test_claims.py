"""What is known of a person is newest of its level, of one account only, and can be taken back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity import subjects
from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim
from engage.identity.services.claiming import record_claim, withdraw_claim
from tests.voting.polls import person

BORN = date(1990, 5, 17)


@pytest.mark.django_db
def test_the_newest_of_a_level_replaces_all_of_the_older():
    town = Area.objects.create(path="town", name="Town", kind="city")
    somebody = person()
    record_claim(
        person=somebody, level=Level.IN_PERSON, source="desk", area=town, born_on=BORN,
        subject=subjects.of_papers("Ada", BORN), until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    newer = record_claim(person=somebody, level=Level.IN_PERSON, source="desk again")
    kept = Claim.objects.get()
    assert kept == newer
    assert (kept.area, kept.born_on, kept.subject, kept.expires_at) == (None, None, "", None)


@pytest.mark.django_db
def test_one_subject_is_one_account_and_the_refusal_tells_nothing_of_it():
    digest = subjects.of_papers("Ada Byron", BORN)
    first, second = person(display_name="Ada"), person()
    record_claim(person=first, level=Level.IN_PERSON, source="desk", subject=digest)
    with pytest.raises(DomainError) as refused:
        record_claim(person=second, level=Level.IN_PERSON, source="desk", subject=digest)
    assert refused.value.code == "claim.subject-taken"
    assert first.email not in refused.value.sentence and "Ada" not in refused.value.sentence
    assert list(Claim.objects.values_list("person", flat=True)) == [first.pk]
    record_claim(person=second, level=Level.NATIONAL, source="nation", subject=digest)


@pytest.mark.django_db
def test_the_same_account_may_prove_the_same_again():
    somebody, digest = person(), subjects.of_issuer("https://id.example", "17")
    for _again in range(2):
        record_claim(person=somebody, level=Level.NATIONAL, source="nation", subject=digest)
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_a_claim_without_subject_is_nobody_elses():
    for somebody in (person(), person()):
        record_claim(person=somebody, level=Level.ADDRESS, source="letter")
    assert Claim.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_accounts_at_once_one_gets_the_subject(at_once):
    people = [person() for _each in range(6)]
    digest = subjects.of_papers("Ada Byron", BORN)

    def prove(number):
        return record_claim(
            person=people[number], level=Level.IN_PERSON, source="desk", subject=digest
        )

    answers = at_once(prove, 6)
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    refusals = [answer for answer in answers if not isinstance(answer, Claim)]
    assert {getattr(answer, "code", answer) for answer in refusals} == {"claim.subject-taken"}


@pytest.mark.django_db
def test_withdrawing_takes_one_level_only_and_may_be_said_twice():
    somebody = person()
    record_claim(person=somebody, level=Level.ADDRESS, source="letter")
    record_claim(person=somebody, level=Level.IN_PERSON, source="desk")
    assert withdraw_claim(person=somebody, level=Level.IN_PERSON)
    assert not withdraw_claim(person=somebody, level=Level.IN_PERSON)
    assert list(Claim.objects.values_list("level", flat=True)) == [Level.ADDRESS]


def test_a_name_in_papers_is_the_same_in_any_case_spacing_and_form():
    digest = subjects.of_papers("José  Núñez", BORN)
    assert digest == subjects.of_papers(" JOSE\u0301 NU\u0301N\u0303EZ ", BORN)
    assert digest != subjects.of_papers("Jose Nunez", BORN)
    assert digest != subjects.of_papers("José Núñez", date(1990, 5, 18))
    assert len(digest) == 64


def test_an_issuer_s_subject_counts_as_written_and_never_runs_into_the_issuer():
    assert subjects.of_issuer("a", "bc") != subjects.of_issuer("ab", "c")
    assert subjects.of_issuer("a", "b") != subjects.of_issuer("a", "B")
    assert subjects.of_issuer("a", "b") != subjects.of_papers("a", BORN)


def test_another_secret_makes_another_digest(settings):
    before = subjects.of_issuer("a", "b")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert subjects.of_issuer("a", "b") == before, "a key that was replaced still recognises"
    settings.SECRET_KEY_FALLBACKS = []
    assert subjects.of_issuer("a", "b") != before
