"""What everybody sees of moderating: no names, no texts, no small numbers, odd years or not."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engage.identity.models import Area
from engage.moderation.domain.figures import LEAST, at_least, groups
from engage.moderation.domain.trust import LIMITS, Level
from engage.moderation.models import Appeal, Decision
from engage.web import town as town_setting
from engage.web.models import Text
from tests.engage.identity.people import browser, town
from tests.engage.moderation.texts import decided, item, notes, objected, reason
from tests.voting import polls

YEAR = timezone.localdate().year


@pytest.fixture(autouse=True)
def nothing_counted_before():
    cache.clear()
    cache.add(town_setting.KEY, town_setting.NOTHING)


@pytest.fixture
def client():
    return Client(headers={"Accept": "text/html"})


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def many(number, **values):
    return [decided(item(polls.person()), **values) for _ in range(number)]


cells = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 30))


@given(cells)
def test_groups_hold_everything_and_none_is_small(counted):
    found = groups(counted)
    whole = sum(counted.values())
    names = [name for group in found for name in group.names]
    assert sorted(names) == sorted(name for name, count in counted.items() if count)
    for group in found:
        if whole >= LEAST:
            assert group.count >= LEAST
            assert group.count == sum(counted[name] for name in group.names)
        else:
            assert group.count is None
    if whole >= LEAST:
        assert sum(group.count for group in found) == whole
    assert at_least(whole) in (whole, None)


@given(cells, st.sampled_from("abcdefghij"))
def test_a_small_number_cannot_be_got_by_subtracting(counted, name):
    """Whatever is shown is a sum of whole groups, each of at least five."""
    known = {n: g for g in groups(counted) for n in g.names}
    if 0 < counted.get(name, 0) < LEAST and known[name].count is not None:
        assert len(known[name].names) > 1


@pytest.mark.django_db
@pytest.mark.adversary("D11")
def test_the_log_names_nobody_and_shows_no_text(client):
    author = polls.person(display_name="Zenobia Quill")
    moderator = polls.person("moderator", display_name="Mo Derator")
    with notes(title="A secret title"):
        decision = decided(item(author), by=moderator, detail="to the attic")
        Appeal.objects.create(decision=decision, words="I protest", outcome="overturned",
                              answered_at=timezone.now(), answer="Sorry")  # fmt: skip
        text = read(client, "/moderation/")
    for hidden in ("Zenobia", "Mo Derator", "secret title", "attic", "protest", "Sorry", "We hid",
                   str(author.pk), str(moderator.pk), decision.item.key + "/"):  # fmt: skip
        assert hidden not in text
    for told in ("Hidden", "It insults somebody", "Rule 2", "Note", "was taken back"):
        assert told in text
    assert timezone.localtime(decision.at).strftime("%H:%M") not in text


@pytest.mark.django_db
def test_an_area_is_named_from_five_decisions_on_and_never_with_a_person(client):
    millbank = town()[1]
    for _ in range(LEAST - 1):
        decided(item(polls.person(), area=millbank))
    assert "Millbank" not in read(client, "/moderation/")
    decided(item(polls.person(), area=millbank), verb="silence")
    text = read(client, "/moderation/")
    assert text.count("Millbank") == LEAST - 1
    Decision.objects.update(at=timezone.now() - timedelta(days=366))
    assert "Millbank" not in read(client, "/moderation/")
    for _ in range(LEAST):
        decided(item(polls.person(), area=millbank))
    assert read(client, "/moderation/").count("Millbank") == LEAST  # the few of before stay few


@pytest.mark.django_db
def test_a_decision_that_was_taken_back_to_an_older_one_is_not_said_to_show_the_text(client):
    decided(item(polls.person()), verb="restore", before="removed", after="hidden")
    text = read(client, "/moderation/")
    assert "Taken back; what was decided before stands" in text
    assert "Shown again" not in text


@pytest.mark.django_db
def test_what_was_simply_let_through_is_not_in_the_log(client):
    many(2, verb="approve", after="shown")
    assert "Nothing was decided yet" in read(client, "/moderation/")


@pytest.mark.django_db
def test_the_log_goes_page_by_page_and_nothing_is_twice(client, django_assert_num_queries):
    made = many(53)
    first = read(client, "/moderation/")
    assert first.count('<li><div class="stack tight"><p><b>') == 50
    assert f"?before={made[3].pk}" in first
    second = read(client, f"/moderation/?before={made[3].pk}")
    assert second.count('<li><div class="stack tight"><p><b>') == 3
    assert "Older decisions" not in second
    assert "end of the log" in read(client, "/moderation/?before=1")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_the_log_takes_four_queries(client, number, django_assert_num_queries):
    many(number)
    with django_assert_num_queries(4):  # lines, areas, the first year, the promise
        read(client, "/moderation/")


@pytest.mark.django_db
@pytest.mark.adversary("E8")
@pytest.mark.parametrize(
    "before", ["0", "-1", "%00", "1'", "9" * 30, "1e3", "٣", "<script>", "a" * 100_000]
)
def test_an_odd_place_in_the_log_is_refused(client, before):
    answer = client.get("/moderation/", {"before": before})
    assert answer.status_code == 400
    assert "<script>" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.adversary("E8")
@pytest.mark.parametrize("ending", ["/", ".csv"])
@pytest.mark.parametrize(
    "year", ["0", "1", "1999", str(YEAR + 1), "9999", "10000", "99999999", "9" * 400, "%00", "-1",
             "2o26", "٢٠٢٦", "2026%0d%0aX:1"],
)  # fmt: skip
def test_odd_years_are_not_found(client, year, ending):
    assert client.get(f"/moderation/{year}{ending}").status_code == 404


@pytest.mark.django_db
def test_a_year_from_before_has_its_own_figures(client):
    (old,) = many(1)
    Decision.objects.filter(pk=old.pk).update(at=timezone.now().replace(year=YEAR - 2, day=1))
    assert f"/moderation/{YEAR - 2}/" in read(client, "/moderation/")
    assert "fewer than 5" in read(client, f"/moderation/{YEAR - 2}/")
    assert "Nothing was decided this year" in read(client, f"/moderation/{YEAR - 1}/")


@pytest.mark.django_db
def test_the_figures_join_what_is_small_and_say_how_fast_it_was(client):
    now = timezone.now()
    kept = reason("insult", title="It insults")
    for _ in range(7):
        decided(item(polls.person()), reason=kept, why="as it read then", waited_since=now)
    late = many(3, verb="remove", why="Another", waited_since=now - timedelta(hours=30))
    Appeal.objects.create(decision=late[0], words="No")
    for flags in range(6):
        objected(item(None), upheld=flags < 5)
    text = read(client, f"/moderation/{YEAR}/")
    assert "70 %" in text
    assert "Hidden · Removed" in text
    assert "It insults · Another" in text
    assert "as it read then" not in text
    assert "fewer than 5" in text  # one appeal
    file = client.get(f"/moderation/{YEAR}.csv")
    assert file["Content-Type"].startswith("text/csv")
    assert "attachment" in file["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0] == ["Table", "What", "Number"]
    assert ["What was decided", "Hidden · Removed", "10"] in rows
    assert ["What came of appeals", "Waits for another moderator", "fewer than 5"] in rows
    assert rows[-1][2] == "70"
    assert {row[2] for row in rows} & {"1", "2", "3", "4"} == set()


@pytest.mark.django_db
@pytest.mark.adversary("G6")
def test_a_reason_that_is_a_formula_is_no_formula_in_the_file(client):
    many(6, why='=HYPERLINK("http://evil.example")', reason=None)
    file = client.get(f"/moderation/{YEAR}.csv").content.decode("utf-8-sig")
    assert "\"'=HYPERLINK" in file
    assert '"=HYPERLINK' not in file


@pytest.mark.django_db
@pytest.mark.adversary("G10")
def test_the_figures_are_made_once_in_ten_minutes(client, django_assert_num_queries):
    many(1)
    read(client, f"/moderation/{YEAR}/")
    with django_assert_num_queries(1):  # which years there are
        read(client, f"/moderation/{YEAR}/")

    many(8)
    assert "fewer than 5" in read(client, f"/moderation/{YEAR}/")


@pytest.mark.django_db
@pytest.mark.adversary("G11")
@pytest.mark.parametrize(
    "path", ["/moderation/", f"/moderation/{YEAR}/", f"/moderation/{YEAR}.csv"]
)
def test_who_reads_all_of_it_at_once_is_slowed_down(client, settings, path):
    settings.RATELIMIT_ENABLE = True
    answers = [client.get(path).status_code for _ in range(61)]
    assert answers[:60] == [200] * 60
    if answers[60] == 200:  # a window of the clock began between
        answers = [client.get(path).status_code for _ in range(61)]
    assert 429 in answers


@pytest.mark.django_db
@pytest.mark.adversary("E1")
def test_reasons_rules_and_areas_are_shown_as_typed(client):
    payload = "<img src=x onerror=alert(1)>"
    Area.objects.create(path="eddersford/odd", name=payload, kind="district", parent=town()[0])
    for _ in range(6):
        decided(item(None, area_id="eddersford/odd"), why=payload, rule=payload)
    for path in ("/moderation/", f"/moderation/{YEAR}/"):
        text = read(client, path)
        assert payload not in text
        assert "&lt;img" in text


@pytest.mark.django_db
@pytest.mark.adversary("H5")
def test_the_page_of_limits_is_the_table_that_counts(client):
    text = read(client, "/moderation/limits/")
    for level in Level:
        for number in LIMITS[level].values():
            assert f'<td class="num">{number}</td>' in text
    assert "Where you stand" not in text
    assert "Where you stand" in read(browser(polls.person()), "/moderation/limits/")


@pytest.mark.django_db
def test_every_version_of_the_house_rules_can_be_read(client):
    for number in (1, 2, 3):
        Text.objects.create(slug="house-rules", language="en", version=number,
                            title="House rules", body=f"Rule {number}")  # fmt: skip
    text = read(client, "/pages/house-rules/versions/")
    assert [f"?version={number}" in text for number in (1, 2, 3)] == [True] * 3
    assert text.index("version=3") < text.index("version=1")
    assert text.count("holds now") == 1
    assert "Rule 1" in read(client, "/pages/house-rules/?version=1")
    assert client.get("/pages/parrots/versions/").status_code == 404
