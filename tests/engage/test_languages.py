"""Every language the town offers is complete: nothing missing, nothing guessed, nothing stale."""

import re
import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import templatize

from tests.paths import ROOT

FOLDER = ROOT / "engage" / "locale"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACE = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
KEYWORDS = (
    "gettext_noop gettext_lazy ngettext_lazy:1,2 pgettext:1c,2 npgettext:1c,2,3 "
    "pgettext_lazy:1c,2 npgettext_lazy:1c,2,3"
).split()

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(FOLDER / language / "LC_MESSAGES" / "django.po"))


def wordings(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_every_sentence_is_translated(language):
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy or not all(wordings(entry))] == []


def test_translations_keep_every_place(language):
    """A place that is missing or misspelt would be an error on somebody's page."""
    for entry in catalogue(language):
        asked = {match.group() for match in PLACE.finditer(entry.msgid + entry.msgid_plural)}
        for wording in wordings(entry):
            assert {match.group() for match in PLACE.finditer(wording)} <= asked, entry.msgid
        if not entry.msgid_plural:
            assert asked == {match.group() for match in PLACE.finditer(entry.msgstr)}, entry.msgid


def test_what_is_served_is_what_was_written(language):
    written = catalogue(language)
    served = polib.mofile(str(FOLDER / language / "LC_MESSAGES" / "django.mo"))
    assert {(e.msgctxt, e.msgid): wordings(e) for e in served} == {
        (e.msgctxt, e.msgid): wordings(e) for e in written if not e.obsolete
    }


@pytest.mark.skipif(not shutil.which("xgettext"), reason="GNU gettext is not here")
def test_the_catalogue_has_every_sentence_of_the_code_and_the_pages(language):
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue(language) if not entry.obsolete}
    assert sentences() - known == set()
    assert known - sentences() == set()


def sentences() -> set[tuple[str | None, str]]:
    """What ``makemessages`` would collect, without writing into the tree."""
    folders = [ROOT / name for name in ("engage", "voting", "forums", "realtime", "templates")]
    code = [path.read_text() for folder in folders for path in folder.rglob("*.py")]
    pages = [templatize(path.read_text(), origin=str(path)) for path in templates(folders)]
    found = polib.pofile(xgettext("\n".join([*code, *pages])))
    return {(entry.msgctxt, entry.msgid) for entry in found}


def templates(folders: list[Path]) -> list[Path]:
    return [
        path
        for folder in folders
        for path in folder.rglob("*.*")
        if path.suffix in {".html", ".txt"} and "static" not in path.parts
    ]


def xgettext(source: str) -> str:
    done = subprocess.run(
        ["xgettext", "--language=Python", "--from-code=UTF-8", "--output=-", "--no-location"]
        + [f"--keyword={keyword}" for keyword in KEYWORDS]
        + ["-"],
        input=source,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
