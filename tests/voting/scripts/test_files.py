"""The scripts as files: what runs in the booth is what manifests name, and it stays readable."""

import re

import pytest

from tests.paths import ROOT
from voting.booth_scripts import CLIENT_FILES

FOLDER = ROOT / "voting" / "static" / "voting"
FILES = sorted(FOLDER.glob("*.js"))


def imports(name: str) -> set[str]:
    """The file and all that it imports, by name."""
    seen, left = set(), [name]
    while left:
        name = left.pop()
        seen.add(name)
        found = re.findall(r'from "\./([a-z0-9]+\.js)"', (FOLDER / name).read_text())
        left += [other for other in found if other not in seen]
    return seen


def test_manifests_name_every_script_of_the_booth():
    assert set(CLIENT_FILES) == {f"voting/{name}" for name in imports("booth.js")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_script_can_be_read_in_one_go(path):
    lines = path.read_text().splitlines()
    assert len(lines) <= (200 if path.name == "ballot.js" else 250)
    assert max(map(len, lines)) <= 100
    assert lines[0] == "/**"


@pytest.mark.adversary("E10")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_script_needs_nothing_that_the_policy_forbids(path):
    forbidden = r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|https?://"
    assert re.findall(forbidden, path.read_text()) == []


def words_asked_for(name: str) -> set[str]:
    """Keys of sentences that a script and what it imports name outright."""
    text = "".join((FOLDER / file).read_text() for file in imports(name))
    said = set(re.findall(r'(?:say|Unready|Unreadable|Alarm)\("([a-z-]+)"', text))
    return {key for key in said if key not in ALARMS} | {f"alarm-{key}" for key in said & ALARMS}


ALARMS = {"manifest", "sealed", "log", "pass", "promise", "forked"}
TEMPLATES = ROOT / "templates" / "voting"


@pytest.mark.parametrize(
    ("script", "page"), [("booth.js", "_booth_words.html"), ("verify.js", "_verify_words.html")]
)
def test_every_sentence_that_a_script_asks_for_stands_on_its_page(script, page):
    there = set(re.findall(r'data-say="([a-z-]+)"', (TEMPLATES / page).read_text()))
    wanted = words_asked_for(script)
    if script == "verify.js":
        wanted -= words_asked_for("booth.js") - {"unreachable"}
    assert wanted <= there
