"""What is slipped into forms and addresses beside what they ask for: it changes nothing."""

import logging
import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from tests import rights
from tests.filled_forms import BODIES, body, forms_of
from tests.filled_town import PEOPLE, differences, filled, routes, table_rows
from voting.models import Option, Poll

pytestmark = pytest.mark.django_db
SLIPPED = "slipped in"
NOT_ROWS = {"poll", "poll_id", "position", "state", "organiser", "organiser_id"}
ALSO_ASKED = {
    "draft": {"title"},  # of what is to begin a thread
    "letters-print": {"printed_at"},  # instead of the letters themselves
}
DOERS = {
    "place-give-up": "author",  # who has a letter to give up
    "thread-turn": "organiser-here",  # who also begins polls
}
KINDS = {
    models.BooleanField: "on", models.IntegerField: "4321", models.JSONField: "{}",
    models.DateTimeField: "1990-01-01T00:00", models.DateField: "1990-01-01",
}  # fmt: skip
FOUND = {route.name: route for route in routes()}


@pytest.fixture
def town():
    return filled()


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def doer(policy):
    """Somebody who may do it here, with as little power as that takes."""
    may = [person for person in PEOPLE if policy[person] == rights.OPEN]
    return next(iter(sorted(may, key=lambda person: "-elsewhere" in person)), None)


def poison(town):
    """A value for every field of every table, under its name and that of its column."""
    values = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            value = _value(town, field)
            values |= {field.name: value, field.attname: value}
    others = {"is_staff": "on", "is_superuser": "on", "person": town.people["operator"].pk,
              "by": town.people["resident"].pk, "id": "1", "pk": "1", "weight": "100"}  # fmt: skip
    return values | others


def _value(town, field):
    if field.is_relation:
        other = field.related_model._base_manager.values_list("pk", flat=True).last()
        return "" if other is None else other
    if field.choices:
        return field.flatchoices[-1][0]
    for kind, value in KINDS.items():
        if isinstance(field, kind):
            return value
    if isinstance(field, models.UUIDField):
        return town.things["key"]
    return SLIPPED


def asked_for(town, person, route, variant):
    """The names that the page itself asks for."""
    page = town.ask(person, "GET", town.path(route, variant)).content.decode(errors="replace")
    return set(re.findall(r'name="([^"]+)"', page))


def form_posts():
    for entry, methods in rights.ROUTES.items():
        name, _at, variant = entry.partition("@")
        ours = "POST" in methods and entry not in rights.OPERATORS and name not in BODIES
        if ours and (person := DOERS.get(entry, doer(methods["POST"]))):
            yield entry, FOUND[name], variant, person


def outcome(town, before, person, path, text, kind):
    answer, after = town.try_out(town.browser(person), "POST", path, text, kind)
    return answer.status_code, differences(before, after)


def counted(told):
    return {model: len(rows) for model, rows in told.items()}


def values(told):
    """Each column's values in the rows that were written."""
    found = {}
    for model, rows in told.items():
        for row in rows:
            for column, value in row.items():
                found.setdefault((model, column), set()).add(_shown(value))
    return found


def _shown(value):
    """As text; a time of this hour is *now*, whichever second it was."""
    is_now = isinstance(value, datetime) and abs(timezone.now() - value) < timedelta(hours=1)
    return "now" if is_now else repr(value)


def slipped_in(plain, again, dirty):
    """What was written with the poison and neither time without; new keys and times apart."""
    first, second = values(plain), values(again)
    steady = {place: told for place, told in first.items() if second.get(place) == told}
    return {
        (place, value)
        for place, told in values(dirty).items()
        for value in told - first.get(place, set()) - second.get(place, set())
        if place in steady or place not in first or SLIPPED in value or "1990" in value
    }


@pytest.mark.adversary("D3")
def test_no_field_can_be_slipped_into_a_form(town):
    forms, poisons, before = forms_of(town), poison(town), table_rows()
    changed, idle = {}, set()
    for entry, route, variant, person in form_posts():
        path, (kind, text) = town.path(route, variant), body(forms, entry)
        typed = set(forms.get(entry, forms.get(route.name, {})))
        known = asked_for(town, person, route, variant) | typed | ALSO_ASKED.get(entry, set())
        slipped = {name: value for name, value in poisons.items() if name not in known}
        slipped |= {f"options-0-{name}": v for name, v in poisons.items() if name in NOT_ROWS}
        first, again = (outcome(town, before, person, path, text, kind) for _ in range(2))
        status, dirty = outcome(
            town, before, person, path, text + b"&" + urlencode(slipped).encode(), kind
        )
        if not dirty and status < 500:
            pass  # refused as a whole
        elif (status, counted(dirty)) != (first[0], counted(first[1])):
            changed[entry] = (status, counted(dirty), "not", first[0], counted(first[1]))
        elif found := slipped_in(first[1], again[1], dirty):
            changed[entry] = found
        if not first[1] and entry not in rights.LIBRARY:
            idle.add(entry)
    assert changed == {}
    assert idle == rights.WRITES_NOTHING


ROW = "options-0-"


@pytest.mark.adversary("D12")
@pytest.mark.parametrize("owner", ["other", "open"])
@pytest.mark.parametrize("act", ["rename", "delete", "poll"])
def test_a_row_of_another_poll_cannot_be_written_through_one_s_own(town, owner, act):
    mine = Poll.objects.get(pk=town.variants["draft"]["poll"])
    theirs = Option.objects.filter(poll=town.variants[owner]["poll"]).first()
    typed = forms_of(town)["poll-edit"] | {"options-INITIAL_FORMS": "1", f"{ROW}id": theirs.pk}
    typed |= {"rename": {f"{ROW}title": "Mine now"}, "delete": {f"{ROW}DELETE": "on"},
              "poll": {f"{ROW}poll": mine.pk, f"{ROW}title": "Mine now"}}[act]  # fmt: skip
    before = list(Option.objects.filter(poll=theirs.poll_id).values())
    path = f"/polls/{mine.pk}/edit/"
    for person in ("organiser-here", "operator"):
        assert town.browser(person).post(path, typed).status_code < 500
        assert list(Option.objects.filter(poll=theirs.poll_id).values()) == before
        assert not mine.options.filter(title="Mine now").exists()


ODD = {
    "order": "organiser__password", "o": "-organiser__email", "sort": "author__password",
    "ordering": "password", "author__email__startswith": "a", "organiser__email__contains": "@",
    "person__email__startswith": "a", "grants__role": "administrator", "state": "draft",
    "filter": "draft", "per_page": "100000", "page": "-1", "fields": "email", "format": "json",
}  # fmt: skip


@pytest.mark.adversary("D7")
@pytest.mark.parametrize(
    "person", ["anonymous", "officer", "auditor", "organiser-here", "moderator-here"]
)
def test_odd_parameters_reach_no_column(town, person):
    """A page that was never asked to sort or filter shows the very same; one that was, refuses."""
    odd = {}
    for entry, methods in rights.ROUTES.items():
        name, _at, variant = entry.partition("@")
        if name in NEW_EACH_TIME or methods.get("GET", {}).get(person) != rights.OPEN:
            continue
        path = town.path(FOUND[name], variant)
        plain, asked = (
            town.ask(person, "GET", path + query) for query in ("", f"?{urlencode(ODD)}")
        )
        if name in FILTERS and asked.status_code == 400:
            continue
        if plain.status_code != asked.status_code:
            odd[entry] = (plain.status_code, asked.status_code)
        elif words(plain) != words(asked):
            odd[entry] = "other words"
    assert odd == {}


FILTERS = {"desk", "forum-search"}
NEW_EACH_TIME = {"you-download", "mfa_activate_totp", "mfa_add_webauthn"}  # a secret
CHANGING = (
    r'(csrfmiddlewaretoken|attempt)" value="[^"]*"', r'data-csrf="[^"]*"', r'next=[^"]*',
    r'datetime="[^"]*"', r"\?order=organiser[^\"]*", r"\d\d:\d\d(:\d\d)?",
)  # fmt: skip


def words(answer):
    """What is shown, without secrets, times and the address of the page itself."""
    text = b"".join(answer) if answer.streaming else answer.content
    shown = text.decode(errors="replace")
    for changing in CHANGING:
        shown = re.sub(changing, "", shown)
    return shown


@pytest.mark.adversary("D7")
def test_operators_filter_only_by_what_is_offered(town):
    for query in ("password__startswith=a", "claims__subject__startswith=a", "o=99.-99&e=1"):
        for model in rights.ADMIN:
            path = FOUND[f"admin:{model}_changelist"].path(town.things)
            answer = town.ask("operator", "GET", f"{path}?{query}")
            assert answer.status_code < 500, (model, query)
            if "__" in query:
                assert answer.status_code in (302, 400), (model, query)
