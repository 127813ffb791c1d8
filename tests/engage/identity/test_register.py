"""The register of processing: every field that is stored has a purpose and an end."""

import csv
import io
import string

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.processing import Basis, Table, complaints
from engage.identity.processing import described, register, stored

NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=6)


def table(name, *fields, **more):
    words = {"purpose": "To test", "until": "a day", "seen_by": "testers"} | more
    return Table(name, fields=dict.fromkeys(fields, "To test"), **words)


def test_every_field_of_every_table_says_what_it_is_for_and_until_when():
    assert complaints(described(), stored()) == []


def test_the_register_holds_what_is_stored_and_nothing_else():
    assert {name: set(table.uses) for name, table in register().items()} == {
        name: set(fields) for name, fields in stored().items()
    }


@given(st.dictionaries(NAMES, st.sets(NAMES, min_size=1), min_size=1), st.data())
def test_a_field_that_nobody_described_is_found_and_a_description_without_a_field(tables, data):
    whole = [table(name, *fields) for name, fields in tables.items()]
    assert complaints(whole, tables) == []
    name = data.draw(st.sampled_from(sorted(tables)))
    field = data.draw(st.sampled_from(sorted(tables[name])))
    fewer = tables | {name: tables[name] - {field}}
    assert complaints(whole, fewer) == [f"{name}.{field} is no field"]
    described = [table(each, *fields) for each, fields in fewer.items()]
    assert complaints(described, tables) == [f"{name}.{field} has no purpose"]


@pytest.mark.parametrize("missing", ["purpose", "until", "seen_by"])
def test_an_entry_says_purpose_end_and_readers(missing):
    kept = table("post.letter", "street", **{missing: " "})
    assert complaints([kept], {"post.letter": ["street"]}) == ["post.letter.street says too little"]
    blank = Table("post.letter", "To test", "a day", "testers", {"street": " "})
    assert complaints([blank], {"post.letter": ["street"]}) == [
        "post.letter.street says too little"
    ]


def test_other_mistakes_are_found():
    assert complaints([table("a.b", "c d", "d")], {"a.b": ["c", "d"]}) == [
        "a.b names a field twice"
    ]
    assert complaints([table("a.b", "c"), table("a.b", "c")], {"a.b": ["c"]}) == [
        "a.b is described twice"
    ]
    assert complaints([table("a.b", "c", earlier={"x": "now"})], {"a.b": ["c"]}) == [
        "a.b.x is no field"
    ]
    assert complaints([table("a.b", "c")], {}) == ["a.b is no table"]


def test_tables_about_nobody_hold_no_key_of_a_person():
    """A table that points at people, or holds their key, cannot be about nobody."""
    odd = [
        name
        for name, entry in register().items()
        if entry.basis is Basis.NOBODY
        for field in stored()[name].values()
        if field.name == "resident" or getattr(field.related_model, "__name__", "") == "User"
    ]
    assert odd == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.django_db
def test_everybody_may_read_it_in_three_forms_and_no_query_is_asked(
    client, django_assert_num_queries, language
):
    with django_assert_num_queries(0):
        page = client.get(f"/register/?lang={language}").content.decode()
        data = client.get(f"/register.json?lang={language}").json()
        lines = client.get(f"/register.csv?lang={language}").content.decode("utf-8-sig")
    assert data["language"] == language
    assert {each["table"] for each in data["tables"]} == set(stored())
    fields = [(name, field) for name, fields in stored().items() for field in fields]
    assert {(each["table"], name) for each in data["tables"] for name in each["fields"]} == {
        *fields
    }
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert {(row["table"], row["field"]) for row in rows} == {*fields}
    assert all(value for row in rows for value in row.values())
    for each in data["tables"]:
        assert escape(each["purpose"]) in page
