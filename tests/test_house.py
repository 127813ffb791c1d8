"""Laws about the tree itself: sizes, names, floors and what the project says of itself.

Deliberately absent: anything a linter already says.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.paths import ROOT

LONGEST = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers"}
MACHINE = re.compile(r"(?<![\w.:/*-])/(?:work|root|home|Users)/[\w.-]+")
FOLDERS = {".ci", "engage", "consultations", "voting", "forums", "realtime", "templates", "tests"}
WRITTEN = {".py", ".js", ".css", ".html", ".md", ".toml", ".yml", ".yaml", ".txt", ".json", ""}


def tracked() -> list[Path]:
    """The files of the project: what git knows and what it would be told of."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout", allow_module_level=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def named(suffixes: set[str]) -> Iterator[Path]:
    return (path for path in tracked() if path.suffix in suffixes)


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_a_chapter():
    code = named({".py", ".js", ".css", ".html"})
    assert {shown(path): lines(path) for path in code if lines(path) > LONGEST} == {}


def test_there_are_no_drawers():
    assert [shown(path) for path in named({".py", ".js"}) if path.stem in DRAWERS] == []
    parents = (path.relative_to(ROOT).parents for path in named({".py", ".js"}))
    folders = {folder.name for above in parents for folder in above}
    assert folders & DRAWERS == set()


def test_top_level_folders_are_the_known_ones():
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if path.parent != ROOT}
    assert folders <= FOLDERS


def test_nothing_names_a_machine():
    found = {}
    for path in named(WRITTEN):
        if hits := MACHINE.findall(path.read_text(errors="replace")):
            found[shown(path)] = hits
    assert found == {}


def test_migrations_say_what_they_do():
    names = [path.stem for path in named({".py"}) if path.parent.name == "migrations"]
    unnamed = re.compile(r"^\d{4}_(auto_.*|initial|alter_.*_and_more)$")
    assert [name for name in names if unnamed.match(name)] == []


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level != 1:  # one dot stays in the package
            yield "." * node.level + (node.module or "")


def strangers(folder: Path, *allowed: str) -> dict[str, list[str]]:
    """What the files under a folder import beside the standard library and ``allowed``."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        odd = [
            name
            for name in imports(path)
            if name.split(".", maxsplit=1)[0] not in sys.stdlib_module_names
            and not any(name == one or name.startswith(f"{one}.") for one in allowed)
        ]
        if odd:
            found[shown(path)] = odd
    return found


CLEANING = ("bleach", "markdown_it", "nh3", "PIL", "regex")


@pytest.mark.parametrize("app", ["engage", "consultations", "voting", "forums"])
def test_domains_import_the_standard_library_and_themselves(app):
    found = strangers(ROOT / app / "domain", "engage.domain", f"{app}.domain")
    assert [path for path in found if not path.startswith("engage/domain/sanitise/")] == []


def test_cleaning_imports_what_reads_markdown_html_letters_and_pictures():
    assert strangers(ROOT / "engage" / "domain" / "sanitise", "engage.domain", *CLEANING) == {}


def test_the_verifier_stands_alone():
    """``cryptography`` may make it faster; it runs without."""
    assert strangers(ROOT / "voting" / "verify", "voting.verify", "cryptography") == {}


def test_the_stated_python_is_the_linted_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == ">=3.11"
    assert project["tool"]["ruff"]["target-version"] == "py311"


def test_both_locks_agree_and_carry_hashes():
    locks = [(ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")]
    pins = [dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE)) for lock in locks]
    assert pins[0].items() <= pins[1].items()
    for lock, pinned in zip(locks, pins, strict=True):
        assert lock.count("--hash=sha256:") >= len(pinned)


def test_env_example_names_every_setting():
    settings = (ROOT / "engage" / "settings.py").read_text()
    read = set(re.findall(r"""(?:env(?:\.\w+)?|_database)\(\s*"([A-Z_]+)\"""", settings))
    told = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert told == read


# The standard's core schema, version 0.7: what is mandatory, and which words a key may hold.
PUBLICCODE = {
    "publiccodeYmlVersion": "0.7",
    "name": "Engage",
    "developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
    "softwareType": {"standalone/web"},
}


def test_publiccode_describes_the_project():
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    for key, expected in PUBLICCODE.items():
        assert told[key] in (expected if isinstance(expected, set) else {expected})
    assert told["url"].startswith("https://")
    assert told["platforms"] == ["web"]
    assert told["legal"]["license"] == "AGPL-3.0-or-later"
    assert told["localisation"]["localisationReady"] is True
    assert told["maintenance"]["type"] in {"internal", "community", "none"}
    assert told["maintenance"]["contacts"][0]["name"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert told["softwareVersion"] == version


def test_publiccode_speaks_every_language_of_the_town(settings):
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    languages = [code for code, _ in settings.LANGUAGES]
    assert sorted(told["localisation"]["availableLanguages"]) == sorted(languages)
    for text in told["description"].values():
        assert len(text["shortDescription"].strip()) <= 150
        assert 150 <= len(text["longDescription"].strip()) <= 10_000
        assert text["features"]


@pytest.mark.parametrize("paper", list(named({".md"})), ids=lambda path: path.name)
def test_every_link_in_our_papers_leads_somewhere(paper):
    links = re.findall(r"\]\((?!https?:|mailto:|#|/)([^)#\s]+)", paper.read_text())
    assert [link for link in links if not (paper.parent / link).exists()] == []
