"""What is written down of a run: every goal, the misses too, and pictures that are XML."""

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tests.bench.live import results
from tests.bench.live.chart import Bar, bar_chart
from tests.bench.live.goals import GOALS, outcomes
from tests.bench.live.rounds import Round, medians
from tests.paths import ROOT

bars = st.builds(
    Bar, label=st.text("<&>\"'aé ×", max_size=9), value=st.floats(0, 1e6), note=st.text("<& ×"),
    ours=st.booleans(),
)  # fmt: skip


def broadcast(server, readers, rate):
    figures = {"per_cpu_second": rate, "last_p50": 0.1, "kb_each": 20.0, "ceiling": 9.0}
    return Round("broadcast", server, readers, figures)


def beside(servers, readers, ratio):
    return Round("beside", servers, readers, {"ratio": ratio})


@given(st.lists(bars, min_size=1, max_size=9))
def test_a_picture_is_xml_with_a_bar_each_and_says_its_numbers(drawn):
    svg = ElementTree.fromstring(bar_chart("A <title>", "& more", drawn))
    name = "{http://www.w3.org/2000/svg}"
    widths = [float(rect.get("width")) for rect in svg.iter(f"{name}rect")][1:]
    assert len(widths) == len(drawn)
    assert max(widths) <= 860
    for bar in drawn:
        assert f"{bar.value:,.0f}" in svg.find(f"{name}desc").text


def test_the_median_of_rounds_counts():
    rounds = [broadcast("limit", 1_000, rate) for rate in (9.0, 1.0, 3.0)]
    assert medians(rounds)["broadcast", "limit", 1_000]["per_cpu_second"] == 3.0


def test_every_goal_is_told_held_missed_or_not_measured():
    found = medians([beside("daphne-0 ÷ naive", 1_000, 6.5), beside("daphne-1 ÷ naive", 1_000, 54),
                     beside("daphne-1 ÷ limit", 5_000, 1.4)])  # fmt: skip
    reached = outcomes(found)
    assert [one.held for one in reached[:2]] == [True, False]
    assert [one.goal.text for one in reached if one.in_doubt] == [
        "level 1 ÷ the C loop, 5,000 readers"
    ]
    assert all(one.held is None for one in reached[2:])
    table = results.goal_table(reached)
    assert all(goal.text in table for goal in GOALS)
    assert "**missed**" in table
    told = json.loads(results.as_json(found, results.conditions([])))
    assert len(told["goals"]) == len(GOALS)


def test_the_readme_is_rewritten_only_between_its_marks():
    found = medians([broadcast("naive", 1_000, 1.0), broadcast("daphne-0", 1_000, 6.5)])
    readme = (ROOT / "README.md").read_text()
    about = results.conditions([])
    once = results.quoted(readme, found, about)
    assert once == results.quoted(once, found, about)
    assert once != readme
    start, end = "<!-- live figures", "<!-- /live figures -->"
    assert once.split(start)[0] == readme.split(start)[0]
    assert once.split(end)[1] == readme.split(end)[1]
