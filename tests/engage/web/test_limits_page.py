"""Too often is an answer that loses nothing: the typed words, when to come back, no secret."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.debug import sensitive_post_parameters

from engage.web import limits
from engage.web.limits import POLICIES, By, Policy, limited, spend
from tests.paths import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
HTML, DATA = {"Accept": "text/html"}, {"Accept": "application/json"}
WRITTEN = {
    "title": "Trees in <Mill Lane>", "description": 'Line one\nline "two" & so on',
    "options-0-label": "Lime", "options-1-label": "Oak", "options-TOTAL_FORMS": "2",
    "postcode": "ED1", "next": "/polls/",
}  # fmt: skip
SECRET = {"code": "123456", "password": "hunter2", "login-code": "99", "otp": "77", "token": "t0k"}
NEVER = ["123456", "hunter2", "t0k", "declared"]


def written(request):
    if request.method == "POST":
        spend("fewer", request, "a thing")
    return HttpResponse(f"Thank you for {request.POST.get('title')}")


@sensitive_post_parameters("answer_nobody_sees")
def written_seldom(request):
    return limited("few")(written)(request)


urlpatterns = [path("written/", written_seldom), path("", include("engage.urls"))]


@pytest.fixture(autouse=True)
def few(settings, monkeypatch):
    """One a day, counted at the door; and one a day of what is tried at, counted inside."""
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(POLICIES, "few", Policy("", {By.ADDRESS: "2/d"}))
    monkeypatch.setitem(POLICIES, "fewer", Policy("", {By.TARGET: "1/d"}))
    cache.clear()
    yield
    cache.clear()


def fields(page):
    """Name and value of all that the page's own form would send."""
    form = re.search(r'<form[^>]*action="/written/\?a=1"(.*?)</form>', page, re.S)[1]
    inputs = re.findall(r'<input[^>]*name="([^"]*)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.S)
    return {name: unescape(value) for name, value in inputs + areas}


@pytest.mark.parametrize("before", [1, 2], ids=["refused inside", "refused at the door"])
def test_the_page_keeps_what_was_typed_and_sends_it_again(before):
    client = Client(headers=HTML)
    for _ in range(before):
        client.post("/written/?a=1", WRITTEN)
    answer = client.post("/written/?a=1", {**WRITTEN, **SECRET, "answer_nobody_sees": "declared"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 86_400
    assert answer["Cache-Control"] == "no-store"
    kept = fields(page)
    assert {name: value.replace("\r\n", "\n") for name, value in kept.items()
            if name != "csrfmiddlewaretoken"} == WRITTEN  # fmt: skip
    assert not any(secret in page for secret in NEVER)
    cache.clear()
    strict = Client(headers=HTML, enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/written/", kept).content.decode() == f"Thank you for {WRITTEN['title']}"


def test_every_kept_field_that_is_shown_has_a_name_of_its_own():
    client = Client(headers=HTML)
    client.post("/written/?a=1", WRITTEN)
    page = client.post("/written/?a=1", WRITTEN).content.decode()
    labels = re.findall(r'<label for="([^"]*)">([^<]*)</label>', page)
    assert [text for _, text in labels] == [
        "Title",
        "Description",
        "Label 1",
        "Label 2",
        "Postcode",
    ]
    assert all(f'id="{target}"' in page for target, _ in labels)


def test_a_button_without_words_is_only_a_button_again():
    client = Client(headers=HTML)
    client.post("/written/?a=1", {"kind": "plurality/1"})
    page = client.post("/written/?a=1", {"kind": "plurality/1"}).content.decode()
    assert fields(page).items() >= {"kind": "plurality/1"}.items()
    assert "<h2" not in page.partition("<main")[2].partition("</main")[0]


def test_what_is_too_much_to_show_is_left_to_the_browser():
    client = Client(headers=HTML)
    for _ in range(2):
        answer = client.post("/written/?a=1", {"title": "x" * 100_001})
    assert (answer.status_code, len(answer.content) < 50_000) == (429, True)
    assert b"/written/" not in answer.content.split(b"<main")[1]


def test_a_program_is_told_in_its_own_way():
    client = Client(headers=DATA)
    client.post("/written/", WRITTEN)
    answer = client.post("/written/", WRITTEN)
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (429, 429, "too-many")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == str(told["seconds"])
    assert "Trees" not in answer.content.decode()


def test_reading_is_not_counted():
    client = Client(headers=HTML)
    assert {client.get("/written/").status_code for _ in range(9)} == {200}


@pytest.mark.parametrize("seconds", [1, 2, 90, 91, 600, 86_400])
def test_how_long_is_said_in_seconds_or_minutes(seconds):
    said = limits._sentence(seconds)
    number = int(re.search(r"\d+", said)[0])
    assert number * (60 if "minute" in said else 1) >= seconds
    assert number <= 90 or seconds > 5_400


def rows():
    """The table of ARCHITECTURE.md, as the code has it."""
    for name, policy in POLICIES.items():
        methods = "" if policy.methods == ("POST",) else f" ({', '.join(policy.methods)})"
        counted = "; ".join(f"{rate} by {by}" for by, rate in policy.rates.items())
        yield f"| `{name}` | {policy.what}{methods} | {counted} | {policy.away} |"


def test_the_limits_that_are_written_down_are_those_that_hold(monkeypatch):
    monkeypatch.delitem(POLICIES, "few")
    monkeypatch.delitem(POLICIES, "fewer")
    text = (ROOT / "ARCHITECTURE.md").read_text()
    told = re.findall(r"^\| `[\w-]+` \| .* by .*\|$", text, re.M)
    assert told == list(rows()), "ARCHITECTURE.md should say:\n" + "\n".join(rows())


def test_every_policy_is_used(monkeypatch):
    monkeypatch.delitem(POLICIES, "few")
    monkeypatch.delitem(POLICIES, "fewer")
    code = "".join(
        file.read_text()
        for folder in ("engage", "voting", "forums", "realtime")
        for file in (ROOT / folder).rglob("*.py")
    )
    used = set(re.findall(r'(?:limited|spend)\(\s*"([\w-]+)"', code))
    assert used == set(POLICIES)
