"""Names that people may be called by: any in any script, none that poses as another."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.domain.lookalikes import resembles_office
from engage.identity.domain.names import LONGEST, MOST_MARKS, refusal, tidy
from engage.identity.services.correcting import SENTENCES, correct_name, reserved_names
from tests.voting import polls

ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=80)
GOOD = (
    "Ann", "Ann Marie Smith", "Zoë O’Brien-Smith", "J. R. R. Tolkien", "Jean-Luc d'Arc", "José",
    "Nguyễn Thị Minh Khai", "Łukasz Żółć", "Ægir Þórsson", "Αλέξανδρος Παπαδόπουλος", "Анна Янг",
    "משה כהן", "محمد علي", "می‌خواهم", "अनुष्का शर्मा", "山田 太郎", "やまだ タロウ", "김민준", "ஆனந்தி",
    "ქეთევან", "Ann 2", "Müller, Anna", "Maria Mayor",
)  # fmt: skip
BAD = {
    "signs": ("Ann\u202eeht", "Ann\u0000", "Ann\u200b", "a\u200db", "Ann ✔", "Ann 🏛", "<b>Ann</b>",
              "Ann (Council)", "Ann\U000e0041", "\u3164", "\u2800", "Ann\ufeff", "ann@town.example",
              "a/b", "Ann\ud800", "Ann\ue000", "\u115f\u1160", "{{ ann }}"),
    "marks": ("A" + "\u0301" * 4 + "nn", "Z" + "".join(map(chr, range(0x300, 0x320)))),
    "letters": ("Аnn", "Annа", "Pаul", "Ἀnn", "Աnn"),
    "address": ("www.evil.example", "evil.example", "Ann.Smith"),
    "nameless": ("123", "...", "-", "’"),
    "long": ("A" * (LONGEST + 1), "ﷺ" * 10),
}  # fmt: skip
POSERS = (
    "admin", "Admin", "ADMIN", "Adm1n", "admin 2", "ádmin", "аdmіn".replace("d", "ԁ").upper(),
    "Moderator", "m0derator", "Council", "C o u n c i l", "council.", "Staff", "Engage",
    "Eddersford Town Council", "Eddersford", "Eddersf0rd Town Council", "Stadtverwaltung",
    "Moderator Ann", "Ann, Eddersford Town Council", "rnoderator", "Town  Councíl Parks",
    "Ann Admin",
)  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_name_in_any_script_is_a_name(name):
    assert refusal(tidy(name), ["Admin", "Council"]) == ""


@pytest.mark.adversary("E3")
@pytest.mark.parametrize(("code", "name"), [(code, name) for code in BAD for name in BAD[code]])
def test_what_no_name_is_written_with_is_refused(code, name):
    assert refusal(tidy(name)) == code


@pytest.mark.adversary("C7")
@pytest.mark.adversary("H4")
@pytest.mark.parametrize("name", POSERS)
@pytest.mark.django_db
def test_nobody_poses_as_the_town(name):
    assert refusal(tidy(name), reserved_names()) in ("reserved", "letters")


@given(ANYTHING)
def test_what_is_accepted_is_plain_text_that_shows_as_it_is(text):
    name = tidy(text)
    assert tidy(name) == name
    if refusal(name) == "":
        assert len(name) <= LONGEST
        assert name == unicodedata.normalize("NFKC", name)
        kinds = {unicodedata.category(char) for char in name} - {"Zs"}
        assert not kinds & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp", "So", "Sm", "Sc", "Sk"}
        assert not set(name) & set('<>&"{}@/\\()[]=\n\t')
        assert name.encode().decode() == name


@given(st.text(min_size=1), st.integers(1, 9))
def test_a_pile_of_marks_is_refused_wherever_it_stands(text, more):
    assert refusal(tidy(f"Ann{text}B" + "\u0323" * (MOST_MARKS + more))) != ""


@given(st.sampled_from(["admin", "Council", "Moderator"]), st.data())
def test_case_blanks_and_numbers_hide_no_poser(name, data):
    cased = "".join(data.draw(st.sampled_from([char.upper(), char.lower()])) for char in name)
    spaced = data.draw(st.sampled_from(["", " "])).join(cased)
    assert resembles_office(spaced + data.draw(st.sampled_from(["", " 1", " 22", "."])), [name])


@pytest.mark.django_db
def test_a_name_is_corrected_and_a_refusal_says_what_to_do():
    person = polls.person()
    assert correct_name(person=person, name="  Ａnn   Smith ") == "Ann Smith"
    person.refresh_from_db()
    assert person.display_name == "Ann Smith"
    for code, names in BAD.items():
        with pytest.raises(DomainError) as refused:
            correct_name(person=person, name=names[0])
        assert refused.value.code == f"name.{code}"
        assert refused.value.sentence == SENTENCES[code]
    person.refresh_from_db()
    assert person.display_name == "Ann Smith"
    assert correct_name(person=person, name=" ") == ""
    person.refresh_from_db()
    assert str(person) == "A resident"
