"""A file of places comes in whole or is refused; what was tried is done, once and to the end."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.identity.domain.tables import read_table
from engage.identity.models import Area, Import, Place, RoleGrant
from engage.identity.services import importing
from engage.identity.services.importing import (
    Run,
    carry_out_import,
    give_up_import,
    receive_import,
)
from engage.identity.services.place_rows import PlaceRows
from engage.identity.tick import work_imports
from engage.journal.models import Entry
from tests.voting.polls import person

PLACES = Import.Kind.PLACES
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@pytest.fixture
def town(db):
    city = Area.objects.create(path="town", name="Town", kind="city")
    for key in ("mill", "hill"):
        Area.objects.create(path=f"town/{key}", name=key.title(), kind="district", parent=city)
    return city


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(importing, "PIECE", 7)
    monkeypatch.setattr(importing, "BREATH_S", 0)


def read(raw):
    return read_table(raw, PlaceRows.columns, PlaceRows.needed)


def imported(raw, by=None, trial=False):
    found = receive_import(kind=PLACES, raw=raw, by=by, trial=trial)
    work_imports()
    found.refresh_from_db()
    return found


def counts(found):
    return found.added, found.changed, found.wrong


def places():
    return {(p.postcode, p.street): p.area_id for p in Place.objects.all()}


def lines(number, area="Mill"):
    return "postcode;street;area\n" + "".join(f"P{i};Long Street;{area}\n" for i in range(number))


# ---- Reading ----


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_spreadsheet_writes_is_read_back(rows, delimiter, encoding, end):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["PLZ", "Straße", "Gebiet"])
    writer.writerows(rows)
    raw = file.getvalue().encode(encoding)
    kept = [tuple(cell.strip() for cell in row) for row in rows if any(c.strip() for c in row)]
    if not kept:
        with pytest.raises(ValueError, match="empty"):
            read(raw)
        return
    found = [tuple(row.cells[key] for key in ("postcode", "street", "area")) for row in read(raw)]
    assert found == kept


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused_with_a_code(raw):
    try:
        read(raw)
    except ValueError as error:
        assert str(error) in importing.UNREADABLE


def test_lines_are_counted_as_an_editor_does():
    raw = b'postcode,area\r\nA1,Mill\r\n\r\n"A\n2",Mill\r\nA3,"x\r\ny"\r\nA4,Hill\r\n'
    assert [row.line for row in read(raw)] == [2, 4, 6, 8]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_umlauts_survive_every_spreadsheet(encoding):
    raw = "Postleitzahl;Straße;Stadtteil\n01067;Müllerstraße;Köln\n".encode(encoding)
    assert dict(read(raw)[0].cells) == {
        "postcode": "01067", "street": "Müllerstraße", "area": "Köln",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"", "header"), (b"\xef\xbb\xbf", "header"), (b"a,b\n1,2\n", "header"),
     (b"postcode;street\nA;B\n", "header"), (b"postcode;area\n", "empty"),
     (b"postcode;area\n;\n \n", "empty"), (b'postcode;area\n"' + b"x" * 200_000, "cells")],
)  # fmt: skip
def test_what_is_no_table_is_refused_before_anything_is_kept(town, raw, code):
    with pytest.raises(DomainError) as refused:
        receive_import(kind=PLACES, raw=raw, by=person("administrator"))
    assert refused.value.code == f"import.{code}" and refused.value.sentence
    assert not Import.objects.exists()


# ---- What it does ----


def test_rows_are_added_changed_and_left_alone(town):
    Place.objects.create(postcode="A1", area_id="town/mill")
    Place.objects.create(postcode="A2", street="weir lane", area_id="town/mill")
    found = imported(
        b"area,postcode,street\nMill,a1,\ntown/hill,A 2,Weir Ln.\nHILL,A3,5 Weir Lane\n"
    )
    assert (found.state, counts(found), bytes(found.rows)) == ("done", (1, 1, 0), b"")
    assert places() == {
        ("A1", ""): "town/mill", ("A2", "weir lane"): "town/hill", ("A3", "weir lane"): "town/hill",
    }  # fmt: skip


def test_wrong_lines_are_told_by_number_and_the_others_count(town):
    Area.objects.create(path="town/mill-2", name="Mill", kind="district", parent=town)
    raw = (
        "postcode;street;area\nA1;;Hill\n;;Hill\nA2;;Nowhere\nA3;;Mill\nA1;;Hill\n"
        f"{'9' * 17};;Hill\nA4;!!!;Hill\nA5;;town/mill\nA6\n"
    )
    found = imported(raw.encode())
    assert found.report == [
        [3, "postcode", ""], [4, "area", "Nowhere"], [5, "area-twice", "Mill"], [6, "again", "2"],
        [7, "postcode", "9" * 17], [8, "street", "!!!"], [10, "area", ""],
    ]  # fmt: skip
    assert counts(found) == (2, 0, 7)
    assert places() == {("A1", ""): "town/hill", ("A5", ""): "town/mill"}


def test_nul_and_other_signs_of_no_name_do_no_harm(town):
    found = imported("postcode;street;area\nA\0 1;Weir\0Lane;Hi\0ll\nA2;\u202eab;Hill\n".encode())
    assert found.state == "done" and found.wrong == 1


@given(number=st.integers(1, 30), data=st.data())
@pytest.mark.django_db
def test_what_was_tried_is_what_is_done_and_done_again_is_nothing(number, data):
    for path, name, kind in (
        ("t", "T", "city"),
        ("t/m", "M", "district"),
        ("t/h", "H", "district"),
    ):
        parent = "t" if kind == "district" else None
        Area.objects.get_or_create(path=path, name=name, kind=kind, parent_id=parent)
    Place.objects.all().delete()
    rows = [
        f"P{data.draw(st.integers(0, 9))};{data.draw(st.sampled_from(['M', 'H', 'X']))}"
        for _row in range(number)
    ]
    raw = ("postcode;area\n" + "\n".join(rows)).encode()
    tried = imported(raw, trial=True)
    assert not Place.objects.exists() and bytes(tried.rows) == raw
    before = (counts(tried), tried.report)
    carry_out_import(tried=tried.pk, by=person("administrator"))
    work_imports()
    tried.refresh_from_db()
    assert (counts(tried), tried.report) == before and not tried.trial
    assert tried.added == Place.objects.count()
    assert counts(imported(raw)) == (0, 0, tried.wrong)


# ---- To the end, once ----


def test_a_killed_worker_s_import_goes_on_where_it_was_left(town, small_pieces):
    found = receive_import(kind=PLACES, raw=lines(40).encode(), by=None, trial=False)
    run = Run.of(found)
    assert run.advance() and run.advance()
    found.refresh_from_db()
    assert (found.state, found.done, Place.objects.count()) == ("running", 14, 14)
    work_imports()
    found.refresh_from_db()
    assert (found.state, counts(found), Place.objects.count()) == ("done", (40, 0, 0), 40)


def test_a_piece_that_fails_leaves_nothing_behind(town, small_pieces, monkeypatch):
    found = receive_import(kind=PLACES, raw=lines(20).encode(), by=None, trial=False)
    run = Run.of(found)
    run.advance()
    facts = Entry.objects.count()
    real = importing._save
    monkeypatch.setattr(importing, "_save", lambda *_told: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run.advance()
    assert Place.objects.count() == 7 and Entry.objects.count() == facts
    monkeypatch.setattr(importing, "_save", real)
    run.to_the_end()
    assert Place.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_do_each_piece_once(town, small_pieces, at_once):
    found = receive_import(kind=PLACES, raw=lines(60).encode(), by=None, trial=False)
    runs = [Run.of(found) for _worker in range(4)]
    answers = at_once(lambda number: runs[number].to_the_end(), 4)
    assert answers == [None] * 4
    found.refresh_from_db()
    assert (found.done, counts(found), Place.objects.count()) == (60, (60, 0, 0), 60)
    assert [e.kind for e in Entry.objects.order_by("sequence")] == ["import.begun", "import.ended"]


def test_carrying_out_is_asked_for_twice_and_done_once(town):
    admin = person("administrator")
    tried = imported(lines(3).encode(), by=admin, trial=True)
    for _twice in range(2):
        carry_out_import(tried=tried.pk, by=admin)
    work_imports()
    again = carry_out_import(tried=tried.pk, by=admin)
    assert (again.state, again.added) == ("done", 3)
    give_up_import(tried=tried.pk, by=admin)
    assert Import.objects.exists()


@pytest.mark.adversary("D5")
def test_who_lost_the_right_meanwhile_imports_nothing(town, small_pieces):
    admin = person("administrator")
    found = receive_import(kind=PLACES, raw=lines(20).encode(), by=admin, trial=False)
    Run.of(found).advance()
    now = timezone.now()
    ended = {"since": now - timedelta(days=1), "until": now - timedelta(seconds=1)}
    RoleGrant.objects.filter(person=admin).update(**ended)
    work_imports()
    found.refresh_from_db()
    assert (found.state, found.report[-1]) == ("refused", [0, "forbidden", ""])
    assert Place.objects.count() == 7 and bytes(found.rows) == b""


def test_a_file_that_breaks_stops_no_other(town, monkeypatch):
    bad = receive_import(kind=PLACES, raw=lines(2).encode(), by=None, trial=False)
    Import.objects.filter(pk=bad.pk).update(rows=b"nothing")
    good = receive_import(kind=PLACES, raw=lines(2).encode(), by=None, trial=False)
    work_imports()
    states = dict(Import.objects.values_list("pk", "state"))
    assert states == {bad.pk: "refused", good.pk: "done"}


def test_only_administrators_send_files_in(town):
    raw = lines(1).encode()
    tried = imported(raw, trial=True)
    for other in (person(), person("officer"), person("organiser"), person("auditor")):
        for act in (
            lambda by: receive_import(kind=PLACES, raw=raw, by=by),
            lambda by: carry_out_import(tried=tried.pk, by=by),
            lambda by: give_up_import(tried=tried.pk, by=by),
        ):
            with pytest.raises(DomainError, match="administrators"):
                act(other)
    assert Import.objects.get().trial


def test_a_row_more_costs_no_query_more(town, monkeypatch):
    monkeypatch.setattr(importing, "BREATH_S", 0)
    asked = {}
    for number in (1, 3, 300):
        found = receive_import(kind=PLACES, raw=lines(number).encode(), by=None, trial=False)
        run = Run.of(found)
        with CaptureQueriesContext(connection) as queries:
            run.to_the_end()
        asked[number] = len(queries)
    assert asked[1] == asked[3] == asked[300]


# ---- The command ----


def test_the_command_tries_and_does(town, tmp_path, capsys):
    file = tmp_path / "places.csv"
    file.write_text(lines(3) + "P9;;Nowhere\n")
    call_command("import_places", file, "--try")
    said = capsys.readouterr()
    assert "4 of 4" in said.out and "added 3" in said.out and "line 5" in said.err
    assert not Place.objects.exists() and not Import.objects.exists()
    call_command("import_places", file)
    assert Place.objects.count() == 3 and Import.objects.get().state == "done"


def test_the_command_says_what_it_cannot_read(town, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_places", tmp_path / "none.csv")
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    with pytest.raises(CommandError, match="name the columns"):
        call_command("import_places", tmp_path / "a.csv")
