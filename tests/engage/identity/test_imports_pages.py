"""The pages of imports: tried, seen, done; wrong lines as a table that is no formula."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engage.identity.models import Area, Import, Place
from engage.identity.services.importing import receive_import
from engage.identity.tick import work_imports
from tests.voting.polls import person

pytestmark = pytest.mark.django_db
RAW = b"postcode;area\nA1;Town\nA2;=HYPERLINK(1)\nA3;<img src=x>\n"


@pytest.fixture
def admin():
    Area.objects.create(path="town", name="Town", kind="city")
    return person("administrator")


def browser(user=None):
    client = Client(headers={"Accept": "text/html"})
    if user:
        client.force_login(user)
    return client


def sent(client, raw=RAW):
    file = SimpleUploadedFile("places.csv", raw)
    return client.post("/office/imports/", {"file": file})


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_whole_way_by_the_pages(admin):
    client = browser(admin)
    path = sent(client)["Location"]
    assert "Being tried" in text(client.get(path))
    work_imports()
    page = text(client.get(path))
    assert "This was only tried" in page and "Lines that are wrong" in page
    assert "<img" not in page and "&lt;img" in page
    assert not Place.objects.exists()
    assert "Carry this import out" in text(client.get(f"{path}do/"))
    assert not Place.objects.exists()
    client.post(f"{path}do/")
    assert "Being carried out" in text(client.get(path))
    work_imports()
    assert "Done." in text(client.get(path))
    assert Place.objects.count() == 1


def test_the_report_is_a_table_without_formulas(admin):
    client = browser(admin)
    path = sent(client)["Location"]
    work_imports()
    answer = client.get(f"{path}report.csv")
    assert answer["Content-Type"].startswith("text/csv") and "no-store" in answer["Cache-Control"]
    assert answer.content.decode().splitlines()[1:] == [
        '"3","No area has this path or name.","\'=HYPERLINK(1)"',
        '"4","No area has this path or name.","<img src=x>"',
    ]


@pytest.mark.parametrize("raw", [b"", b"a;b\n1;2\n", b"postcode;area\n"])
def test_a_file_that_is_no_table_is_refused_at_its_field(admin, raw):
    page = text(sent(browser(admin), raw))
    assert 'id="errors"' in page and not Import.objects.exists()


def test_a_tried_file_is_given_up(admin):
    client = browser(admin)
    path = sent(client)["Location"]
    assert client.get(f"{path}give-up/").status_code == 405
    client.post(f"{path}give-up/")
    assert client.get(path).status_code == 404
    assert client.post(f"{path}do/").status_code == 404


@pytest.mark.adversary("D2")
@pytest.mark.parametrize(
    ("role", "status"),
    [("", 302), ("resident", 403), ("officer", 403), ("organiser", 403), ("auditor", 403)],
)
def test_nobody_else_sees_or_does_an_import(admin, role, status):
    found = receive_import(kind="places", raw=RAW, by=admin)
    client = browser(person(role) if role else None)
    path = f"/office/imports/{found.pk}/"
    for each in ("/office/imports/", path, f"{path}report.csv", f"{path}do/"):
        assert client.get(each).status_code == status
    for each in (f"{path}do/", f"{path}give-up/"):
        assert client.post(each).status_code == status
    assert Import.objects.get().trial


@pytest.mark.adversary("D3", "D12")
def test_fields_of_the_model_are_no_fields_of_the_form(admin):
    other = receive_import(kind="places", raw=RAW, by=admin)
    client = browser(admin)
    extra = {
        "id": str(other.pk), "pk": str(other.pk), "trial": "", "state": "done", "total": "9",
        "kind": "roll", "by": "", "added": "7", "report": "[[1]]",
    }  # fmt: skip
    client.post("/office/imports/", extra | {"file": SimpleUploadedFile("a.csv", RAW)})
    fresh = Import.objects.exclude(pk=other.pk).get()
    assert (fresh.trial, fresh.state, fresh.total, fresh.kind) == (True, "waiting", 3, "places")
    assert (fresh.by, fresh.added, fresh.report) == (admin, 0, [])


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_the_same_for_one_and_for_three(admin, number):
    raw = b"postcode;area\n" + b"".join(b"A%d;Nowhere\n" % i for i in range(number))
    for _each in range(number):
        found = receive_import(kind="places", raw=raw, by=admin)
    work_imports()
    client = browser(admin)
    asked = []
    for path in ("/office/imports/", f"/office/imports/{found.pk}/"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked.append(len(queries))
    assert asked == [4, 5]  # the session and the person, their roles; the imports | head, import
