"""The operators' pages: every table or a reason, nothing to change but accounts, no way past."""

import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from engage.identity.models import Area, Claim, Consent, Disclosure, Letter, OptOut, User
from engage.journal.services import publish
from tests.voting import polls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_town")]

ABSENT = {
    "voting.option": "it stands with its poll",
    "voting.issuerkey": "a private key",
    "voting.rollentry": "who may vote where",
    "voting.underway": "a seed of a ballot that is being cast",
    "voting.spent": "a digest of what proved somebody",
    "voting.pass": "who collected a pass",
    "board.log": "a private key; the record itself is public",
    "board.intake": "ballots",
    "board.leaf": "ballots; public in the record",
    "board.node": "public in the record",
    "board.checkpoint": "public in the record",
    "board.choicecount": "ballots; public in the record",
    "forums.post": "read where it stands; what is not shown, at the desk",
    "forums.revision": "read with its post",
    "forums.picture": "seen with its post",
    "forums.mention": "who named whom",
    "forums.reaction": "who said what to whom",
    "forums.stir": "counted and gone within seconds",
    "forums.follow": "what somebody follows",
    "forums.readplace": "what somebody has read",
    "forums.notice": "what somebody was told",
    "forums.draft": "what somebody has not said yet",
}
SECRET = {"mfa.authenticator", "socialaccount.socialapp", "socialaccount.socialtoken",
          "socialaccount.socialaccount", "usersessions.usersession", "auth.group"}  # fmt: skip
CHANGED = {"identity.user"}


def shown():
    return {model._meta.label_lower: page for model, page in admin.site._registry.items()}


def test_every_table_of_ours_is_there_or_absent_for_a_reason():
    ours = {
        model._meta.label_lower
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"engage", "voting", "forums", "realtime"}
        for model in config.get_models()
    }
    assert ours - set(shown()) == set(ABSENT)


def test_no_secret_has_a_page():
    assert set(shown()) & (SECRET | set(ABSENT)) == set()


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create_superuser("op@town.example"))
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


def address(model, page, *args):
    return f"/admin/{model.replace('.', '/')}/" + "".join(f"{arg}/" for arg in (*args, page) if arg)


def one_of_each():
    """A row of every kind about one person, and of the rest; label -> key."""
    person = polls.person()
    now = timezone.now()
    area, _made = Area.objects.get_or_create(path="town", name="Town", kind="city")
    rows = [
        person, area, EmailAddress.objects.get(user=person),
        Claim.objects.create(person=person, level=Claim.Levels.ADDRESS, area=area,
                             subject="5ec4e7", source="letter", born_on="1980-02-03"),
        Letter.objects.create(person=person, name="Ann Other", street="9 Weir Lane",
                              postcode="ED1", area=area, expires_at=now + timedelta(days=9)),
        Consent.objects.create(person=person, text="assisted", version=1),
        OptOut.objects.create(person=person, about="polls"),
        polls.opened(),
    ]  # fmt: skip
    return person, {row._meta.label_lower: row.pk for row in rows}


@pytest.mark.parametrize("model", sorted(shown()))
def test_lists_open_and_nothing_but_accounts_can_be_changed(operator, model):
    assert operator.get(address(model, "")).status_code == 200
    assert operator.get(address(model, "add")).status_code == 403
    key = uuid.uuid4() if model == "identity.user" else 1
    if model not in CHANGED:
        assert operator.post(address(model, "change", key)).status_code in (302, 403)
    assert operator.post(address(model, "delete", key)).status_code in (302, 403)
    assert operator.post(address(model, ""), {"action": "delete_selected"}).status_code == 200


ABOUT_PEOPLE = ["identity.user", "account.emailaddress", "identity.claim", "identity.letter",
                "identity.consent", "identity.optout"]  # fmt: skip


@pytest.mark.parametrize("model", ABOUT_PEOPLE)
def test_whoever_opens_a_person_s_row_is_named_to_them(operator, model):
    person, keys = one_of_each()
    page = operator.get(address(model, "change", keys[model]))
    assert page.status_code == 200
    seen = Disclosure.objects.get(person=person)
    assert (seen.why, seen.by) == (Disclosure.Why.OPERATOR, page.wsgi_request.user)


@pytest.mark.parametrize("model", ABOUT_PEOPLE)
def test_lists_name_nobody_and_write_nothing_down(operator, model):
    person, _keys = one_of_each()
    User.objects.filter(pk=person.pk).update(display_name="Ann Other")
    text = operator.get(address(model, "")).content.decode()
    assert person.email not in text
    assert "Ann Other" not in text
    assert not Disclosure.objects.exists()


@pytest.mark.adversary("D11")
def test_what_is_nobody_s_to_see_is_on_no_page(operator):
    _person, keys = one_of_each()
    pages = [operator.get(address(m, "change", key)).content.decode() for m, key in keys.items()]
    for secret in ("5ec4e7", "9 Weir Lane", "ED1", "1980"):
        assert not any(secret in page for page in pages), secret


ESCAPES = [
    "email__startswith=a", "password__startswith=pbkdf2", "claims__subject__startswith=5",
    "grants__by__email=x", "display_name__regex=.*", "is_active__in=1", "pk__gte=0", "o=99.x",
    "is_staff__exact__x=1", "joined_on__year=2026", "email=x", "_to_field=email",
]  # fmt: skip


@pytest.mark.adversary("D7")
@pytest.mark.parametrize("query", ESCAPES)
def test_a_list_answers_to_its_own_filters_alone(operator, query):
    answer = operator.get(address("identity.user", "") + f"?{query}")
    if query.startswith("o="):
        assert answer.status_code in (200, 302)
    else:
        assert answer.status_code == 400


@pytest.mark.adversary("D7")
@pytest.mark.parametrize("model", sorted(shown()))
def test_no_list_can_be_asked_for_a_password_or_an_address(operator, model):
    for query in ("person__email__startswith=a", "by__password__startswith=x", "user__email=a"):
        assert operator.get(address(model, "") + f"?{query}").status_code == 400


@pytest.mark.parametrize("model", sorted(shown()))
def test_the_filters_and_searches_that_are_shown_work(operator, model):
    one_of_each()
    page = shown()[model]
    for name in page.list_filter:
        for how in (name, f"{name}__exact"):
            assert operator.get(address(model, "") + f"?{how}=1").status_code in (200, 302)
    for typed in ("a", "a@b", "'", "\u202e", str(uuid.uuid4())):
        assert operator.get(address(model, ""), {"q": typed}).status_code == 200


def test_people_are_found_by_their_exact_address_alone(operator):
    person = polls.person()
    for typed in (person.email, person.email.upper(), person.email[:-1], str(person.pk)):
        page = operator.get(address("identity.user", ""), {"q": typed}).content.decode()
        assert (str(person.pk) in page) is (typed != person.email[:-1])


def typed(person, **changes):
    """The form as its page would send it."""
    yes = {name: "on" for name in ("is_active", "is_staff") if getattr(person, name)}
    return {"display_name": person.display_name, **yes, **changes}


def test_an_operator_names_and_stops_and_the_log_names_only_keys(operator):
    person = polls.person(display_name="Ann Other")
    page = address("identity.user", "change", person.pk)
    assert operator.post(page, {"display_name": ""}).status_code == 302
    person.refresh_from_db()
    assert (person.display_name, person.is_active) == ("", False)
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.object_id) == (str(person.pk), str(person.pk))


@pytest.mark.parametrize("name", ["Moderator", "Аnn Smith", "a\u202eb"])
def test_an_operator_gives_no_name_that_a_person_could_not_take(operator, name):
    person = polls.person(display_name="Ann Other")
    page = address("identity.user", "change", person.pk)
    assert operator.post(page, typed(person, display_name=name)).status_code == 200
    person.refresh_from_db()
    assert person.display_name == "Ann Other"


@pytest.mark.adversary("D3")
def test_no_other_field_of_a_person_can_be_sent(operator):
    person = polls.person()
    before = User.objects.filter(pk=person.pk).values("id", "email", "password", "joined_on").get()
    page = address("identity.user", "change", person.pk)
    sent = typed(person, id=str(uuid.uuid4()), email="x@y.example", password="x",
                 joined_on="2000-01-01", user_permissions="1", groups="1")  # fmt: skip
    assert operator.post(page, sent).status_code == 302
    assert User.objects.filter(pk=person.pk).values(*before).get() == before
    assert not person.user_permissions.exists()


@pytest.mark.parametrize("model", sorted(shown()))
@pytest.mark.parametrize("role", [None, "resident", "administrator", "staff"])
def test_nobody_else_comes_in(client, model, role):
    if role == "staff":
        client.force_login(User.objects.create_user("s@town.example", is_staff=True))
    elif role:
        client.force_login(polls.person(role))
    answer = client.get(address(model, ""), headers={"Accept": "text/html"})
    assert answer.status_code in (302, 403)
    assert role == "staff" or "/admin/login/" in answer["Location"]


def test_signing_in_is_ours_and_knows_no_password(client):
    answer = client.get("/admin/login/", {"next": "/admin/"}, headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_an_operator_without_a_second_factor_is_led_to_setting_one_up(operator, settings):
    person, _keys = one_of_each()
    settings.STAFF_SECOND_FACTOR = True
    row = address("identity.user", "change", person.pk)
    for path in ("/admin/", address("identity.user", ""), row):
        answer = operator.get(path)
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_for_one_and_for_many(operator, number, django_assert_max_num_queries):
    for _ in range(number):
        person, _keys = polls.person(), polls.opened()
        Consent.objects.create(person=person, text="assisted", version=1)
        publish("poll.x", "poll.opened")
    for model in shown():
        with django_assert_max_num_queries(8):
            operator.get(address(model, ""))
