import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from tests.paths import ROOT

FOLDER = ROOT / "templates"
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt"})
PAGES = [path for path in FILES if path.suffix == ".html"]
SIGNED = {"you/mail_stop.html"}  # the link in the mail is signed, and no cookie comes along
SHEETS = sorted((ROOT / "engage/static/engage").glob("*.css"))
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
COMMENTS = re.compile(r"{% comment %}.*?{% endcomment %}", re.S)
TRANSLATED = re.compile(r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}", re.S)
SAID = {"aria-label", "alt", "title", "placeholder"}
NOT_WORDS = {"B", "kB"}


def named(path):
    return str(path.relative_to(FOLDER))


class Reader(HTMLParser):
    """What a browser would see of a template: attributes, scripts, and words in the open."""

    def __init__(self):
        super().__init__()
        self.attributes, self.words, self.inline_scripts, self.silent = [], [], 0, 0

    def handle_starttag(self, tag, attributes):
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        kind = dict(attributes).get("type", "")
        if tag == "script" and "src" not in dict(attributes) and kind != "application/json":
            self.inline_scripts += 1
        self.silent += tag in {"script", "style", "code", "pre"}

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style", "code", "pre"}

    def handle_data(self, text):
        if not self.silent:
            self.words.append(text)


def read(path, translated=" "):
    text = COMMENTS.sub(" ", path.read_text())
    reader = Reader()
    reader.feed(TAGS.sub(" ", TRANSLATED.sub(translated, text)))
    return reader


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_template_compiles(path):
    get_template(named(path))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_nothing_in_a_template_needs_a_weaker_policy(path):
    reader = read(path)
    assert reader.inline_scripts == 0
    for tag, name, value in reader.attributes:
        assert tag != "style"
        assert name != "style", f"inline style on <{tag}>"
        assert not name.startswith("on"), f"{name} on <{tag}>"
        assert not value.strip().startswith(("javascript:", "http:", "https:", "//")), value


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_words_stand_outside_translation(path):
    reader = read(path)
    shown = reader.words + [value for _, name, value in reader.attributes if name in SAID]
    found = {word for text in shown for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert found - NOT_WORDS == set()


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_forms_that_change_something_carry_their_secret(path):
    text = path.read_text()
    if named(path) in SIGNED:
        return
    for form in re.findall(r"<form\b.*?</form>", text, re.S):
        if 'method="post"' in form.split(">")[0]:
            assert "{% csrf_token %}" in form


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'id="([a-z]+)"', Path(finders.find("engage/icons.svg")).read_text()))
    named_ones = set()
    for path in PAGES:
        named_ones |= set(re.findall(r'{% icon "([a-z]+)"', path.read_text()))
    assert named_ones <= drawn


def test_every_class_that_a_template_uses_is_styled_or_wanted_by_a_script():
    styles = "".join(path.read_text() for path in SHEETS)
    styled = set(re.findall(r"\.([a-z][a-z-]*\d?)", styles))
    used = set()
    for path in PAGES:
        for _, name, value in read(path).attributes:
            used |= set(value.split()) if name == "class" else set()
    assert used - styled == set()


@pytest.mark.parametrize("name", ["engage", "parts", "night", "print"])
def test_stylesheets_are_layered_logical_and_of_readable_length(name):
    text = (ROOT / "engage/static/engage" / f"{name}.css").read_text()
    assert len(text.splitlines()) <= 400
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    depth, outside = 0, ""
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        outside += sign if depth == 0 and sign != "}" else ""
    blocks = [part.strip() for part in re.split(r"[;{]|\n\n", outside) if part.strip()]
    assert all(block.startswith("@layer") for block in blocks), blocks
    assert not re.findall(r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b", bare)
    assert not re.findall(r"[{;]\s*(?:left|right|top|bottom)\s*:", bare)
    assert "@import" not in bare
    assert "http" not in bare


def test_both_languages_are_offered():
    assert {code for code, _ in settings.LANGUAGES} == {"en", "de"}
