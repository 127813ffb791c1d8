"""A letter proves an address: its code is right, forgiving, tried five times and stored nowhere."""

import time
import uuid
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.identity.domain.letters import ALPHABET, LENGTH, code_of, in_groups, read_code
from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim, Disclosure, Letter, Place, User
from engage.identity.services.letters import (
    ask_letter,
    code_for,
    enter_code,
    give_up_letter,
    print_letters,
)
from tests.voting.polls import person

CODES = st.binary(min_size=16, max_size=32).map(code_of)
ADDRESS = {"name": "Ines Calder", "street": "12 Weir Lane", "postcode": "ed1 2ab"}


@given(CODES)
def test_a_code_is_read_as_it_was_written(code):
    assert len(code) == LENGTH
    assert read_code(code) == read_code(in_groups(code).lower()) == code


@given(CODES, st.data())
def test_spelling_is_forgiven(code, data):
    alike = {"0": "0oO", "1": "1iIlL", "5": "5sS", "V": "VvuU"}
    signs = [data.draw(st.sampled_from(alike.get(c, c + c.lower()))) for c in code]
    gaps = [data.draw(st.sampled_from(["", " ", "-", " – ", "\t"])) for _sign in signs]
    assert read_code("".join(a + b for a, b in zip(signs, gaps, strict=True))) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(code, place, sign):
    other = code[:place] + sign + code[place + 1 :]
    assert read_code(other) == (code if other == code else None)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_signs_that_changed_places_are_noticed(code, a, b):
    signs = list(code)
    signs[a], signs[b] = signs[b], signs[a]
    assert read_code("".join(signs)) == (code if "".join(signs) == code else None)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_or_none(text):
    code = read_code(text)
    assert code is None or (read_code(code) == code and len(code) == LENGTH)


@pytest.fixture
def town(db):
    city = Area.objects.create(path="town", name="Town", kind="city")
    mill = Area.objects.create(path="town/mill", name="Mill", kind="district", parent=city)
    hill = Area.objects.create(path="town/hill", name="Hill", kind="district", parent=city)
    Place.objects.create(postcode="ED12AB", street="", area=mill)
    Place.objects.create(postcode="ED12AB", street="hill road", area=hill)
    Place.objects.create(postcode="ED9", street="long street", area=hill)
    return city


def printed(who, **address):
    letter = ask_letter(person=who, **{**ADDRESS, **address})
    print_letters(letters=[letter.pk], by=person("officer"))
    return letter


def refused(act, **told):
    with pytest.raises(DomainError) as error:
        act(**told)
    return error.value.code


def wrong_for(letter):
    return next(
        code for code in (code_of(uuid.uuid4().bytes) for _ in range(9)) if code != code_for(letter)
    )


def test_the_code_proves_the_area_and_the_address_is_forgotten(town):
    who = person()
    letter = printed(who)
    claim = enter_code(person=who, typed=in_groups(code_for(letter.pk)).lower())
    assert (claim.level, claim.area_id, claim.source) == (Level.ADDRESS, "town/mill", "letter")
    assert abs(claim.expires_at - timezone.now() - timedelta(days=730)) < timedelta(minutes=1)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("street", "postcode", "area"),
    [
        ("12 Weir Lane", "ED1 2AB", "town/mill"), ("Hill Rd. 4", "ed12ab", "town/hill"),
        ("Flat 2, 7 Hill Road", "ED1 2AB", "town/hill"), ("1 Long Street", "ed9", "town/hill"),
    ],
)  # fmt: skip
def test_the_street_decides_before_the_postcode(town, street, postcode, area):
    assert ask_letter(person=person(), name="A", street=street, postcode=postcode).area_id == area


def test_what_the_town_does_not_know_is_said(town):
    who = person()
    unknown = {**ADDRESS, "postcode": "XX1"}
    assert refused(ask_letter, person=who, **unknown) == "letter.postcode-unknown"
    elsewhere = {**ADDRESS, "postcode": "ED9"}
    assert refused(ask_letter, person=who, **elsewhere) == "letter.street-unknown"


@pytest.mark.parametrize("street", ["Mill Lane, 12 Hill Road", "12 Hill Road, Mill Lane"])
def test_an_address_in_two_areas_is_guessed_to_lie_in_none(town, street):
    Place.objects.create(postcode="ED12AB", street="mill lane", area_id="town/mill")
    both = {**ADDRESS, "street": street}
    assert refused(ask_letter, person=person(), **both) == "letter.street-unknown"
    Place.objects.filter(street="hill road").update(area="town/mill")
    assert ask_letter(person=person(), **both).area_id == "town/mill"


@pytest.mark.django_db(transaction=True)
def test_a_code_and_giving_up_at_once_never_wait_for_each_other(town, at_once):
    who = person()
    letter, holding = printed(who), Event()

    def act(number):
        if number:
            assert holding.wait(30)
            return enter_code(person=who, typed=code_for(letter.pk))
        with transaction.atomic():
            User.objects.select_for_update().get(pk=who.pk)
            holding.set()
            time.sleep(0.5)  # long enough for the other to take hold of what it can
            return give_up_letter(person=who)

    gave_up, entered = at_once(act, 2)
    assert gave_up is None
    assert getattr(entered, "code", "") == "letter.none"


def test_one_letter_at_a_time(town):
    who = person()
    ask_letter(person=who, **ADDRESS)
    assert refused(ask_letter, person=who, **ADDRESS) == "letter.under-way"
    give_up_letter(person=who)
    give_up_letter(person=who)
    assert ask_letter(person=who, **ADDRESS)


def test_three_letters_a_year_and_a_reprint_is_the_same_letter(town):
    who, officer = person(), person("officer")
    for days in (300, 200, 100):
        letter = ask_letter(person=who, **ADDRESS)
        for _again in range(2):
            assert print_letters(letters=[letter.pk], by=officer) == [letter]
        seen = Disclosure.objects.filter(at__gt=timezone.now() - timedelta(hours=1))
        seen.update(at=timezone.now() - timedelta(days=days))
        give_up_letter(person=who)
    assert refused(ask_letter, person=who, **ADDRESS) == "letter.too-many"
    Disclosure.objects.update(at=timezone.now() - timedelta(days=366))
    assert ask_letter(person=who, **ADDRESS)


def test_five_wrong_codes_spend_a_letter_and_slips_cost_nothing(town):
    who = person()
    letter = printed(who)
    for _slip in range(20):
        assert refused(enter_code, person=who, typed="K7Q 4M2") == "letter.misspelt"
    codes = [refused(enter_code, person=who, typed=wrong_for(letter.pk)) for _try in range(6)]
    assert codes == ["letter.wrong"] * 4 + ["letter.spent"] * 2
    assert refused(enter_code, person=who, typed=code_for(letter.pk)) == "letter.spent"
    assert ask_letter(person=who, **ADDRESS)
    assert not Claim.objects.exists()


@pytest.mark.adversary("C4")
def test_a_code_works_once_for_its_person_only_and_in_time(town):
    who, other = person(), person()
    letter = printed(who)
    printed(other)
    assert refused(enter_code, person=other, typed=code_for(letter.pk)) == "letter.wrong"
    Letter.objects.filter(pk=letter.pk).update(expires_at=timezone.now())
    assert refused(enter_code, person=who, typed=code_for(letter.pk)) == "letter.none"
    Letter.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert enter_code(person=who, typed=code_for(letter.pk))
    assert refused(enter_code, person=who, typed=code_for(letter.pk)) == "letter.none"


def test_a_letter_that_nobody_printed_has_no_code_yet(town):
    who = person()
    letter = ask_letter(person=who, **ADDRESS)
    assert refused(enter_code, person=who, typed=code_for(letter.pk)) == "letter.none"


@pytest.mark.adversary("C2")
@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_five(town, at_once):
    who = person()
    letter = printed(who)
    wrong = wrong_for(letter.pk)
    answers = at_once(lambda _number: enter_code(person=who, typed=wrong), 24)
    codes = [getattr(answer, "code", answer) for answer in answers]
    assert codes.count("letter.wrong") == 4
    assert codes.count("letter.spent") == 20
    assert Letter.objects.get().tries == 5


def test_printing_is_told_to_each_and_stays_in_the_clerk_s_areas(town):
    here, there = person(), person()
    mine = ask_letter(person=here, **ADDRESS)
    ask_letter(person=there, **{**ADDRESS, "street": "1 Hill Road"})
    officer = person()
    officer.grants.create(role="officer", area_id="town/mill")
    everybody = list(Letter.objects.values_list("pk", flat=True))
    assert print_letters(letters=everybody, by=officer) == [mine]
    assert list(Disclosure.objects.values_list("person", "by", "why")) == [
        (here.pk, officer.pk, "letter")
    ]
    assert Letter.objects.filter(printed_at=None).count() == 1
    assert refused(print_letters, letters=everybody, by=person()) == "letter.forbidden"


@pytest.mark.adversary("D14")
def test_nobody_prints_the_letter_to_themselves(town):
    officer, colleague = person("officer"), person("officer")
    letter = ask_letter(person=officer, **ADDRESS)
    assert print_letters(letters=[letter.pk], by=officer) == []
    assert print_letters(letters=[letter.pk], by=colleague) == [letter]


def test_a_town_without_a_street_table_says_so(town):
    Place.objects.all().delete()
    with pytest.raises(DomainError, match="no letters yet"):
        ask_letter(person=person(), **ADDRESS)


def test_the_code_is_in_no_table_and_needs_the_key(town, settings):
    letter = printed(person())
    code = code_for(letter.pk)
    row = Letter.objects.filter(pk=letter.pk).values().get()
    assert code not in str(row)
    settings.SECRET_KEY = "another"
    assert code_for(letter.pk) != code
