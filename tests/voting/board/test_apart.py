"""Two databases that know nothing of each other: read from the models and from the tables."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections, models

from voting.board.models import Intake, Leaf, Log
from voting.board.router import BallotsApart
from voting.models import Pass, Poll, RollEntry

BOARD = list(apps.get_app_config("board").get_models())
PEOPLE_WITHOUT_ORDER = [Pass, RollEntry]
OF_TIME = (models.DateField, models.TimeField, models.DurationField)
OF_PEOPLE = (models.EmailField, models.GenericIPAddressField, models.URLField, models.JSONField)
SERIAL = (models.AutoField, models.BigAutoField, models.SmallAutoField)
TELLING = ("time", "date", "created", "when", "_at", "address", "ip", "agent", "user", "resident",
           "person", "session", "name", "email", "serial", "sequence", "number")  # fmt: skip
ids = {"ids": lambda model: model.__name__}


def columns(model):
    return [field for field in model._meta.get_fields() if getattr(field, "concrete", False)]


def test_the_board_is_what_this_test_reads():
    assert {model.__name__ for model in BOARD} == {
        "Log", "Intake", "Leaf", "Node", "Checkpoint", "ChoiceCount",
    }  # fmt: skip


@pytest.mark.adversary("J3")
@pytest.mark.parametrize("model", BOARD, **ids)
def test_no_column_of_the_board_tells_who_or_when(model):
    for field in columns(model):
        assert not field.is_relation, field
        assert not isinstance(field, (*OF_TIME, *OF_PEOPLE, *SERIAL)), field
        parts = field.name.split("_")
        told = [word for word in TELLING if word.strip("_") in parts]
        assert told == [], field
    assert model._meta.related_objects == ()
    assert model._meta.many_to_many == ()


@pytest.mark.parametrize("model", PEOPLE_WITHOUT_ORDER, **ids)
def test_passes_and_rolls_keep_no_time_no_serial_and_no_signature(model):
    names = {field.name for field in columns(model)}
    expected = {
        Pass: {"poll", "resident", "blinded_sha256", "level", "channel"},
        RollEntry: {"poll", "resident", "salt", "commitment"},
    }
    assert names == expected[model]
    for field in columns(model):
        assert not isinstance(field, (*OF_TIME, *OF_PEOPLE, *SERIAL)), field


@pytest.mark.parametrize("model", [*BOARD, *PEOPLE_WITHOUT_ORDER], **ids)
def test_every_key_is_natural(model):
    key = model._meta.pk
    if model is Log:
        assert isinstance(key, models.UUIDField)
        assert not key.has_default()
    else:
        assert isinstance(key, models.CompositePrimaryKey)
        assert key.field_names[0] == "poll"


def test_no_index_sorts_by_arrival():
    for model in BOARD:
        named = {name for index in model._meta.indexes for name in index.fields}
        assert named == set()
        assert model._meta.ordering == []


@pytest.mark.django_db
def test_each_table_is_in_its_own_database_and_in_no_other():
    tables = {using: set(connections[using].introspection.table_names()) for using in connections}
    board = {model._meta.db_table for model in BOARD}
    assert tables["ballots"] - {"django_migrations"} == board
    assert tables["default"] & board == set()
    assert settings.DATABASES["default"]["NAME"] != settings.DATABASES["ballots"]["NAME"]


@pytest.mark.django_db
def test_nothing_but_migrations_keeps_a_time_in_the_ballots_database():
    with connections["ballots"].cursor() as cursor:
        for model in BOARD:
            table = connections["ballots"].introspection.get_table_description(
                cursor, model._meta.db_table
            )
            assert {column.name for column in table} == {
                field.column for field in columns(model) if field.column
            }


def test_the_router_keeps_them_apart():
    router, poll, log = BallotsApart(), Poll(), Log()
    assert (router.db_for_read(Poll), router.db_for_write(Leaf)) == ("default", "ballots")
    assert not router.allow_relation(poll, log)
    assert router.allow_relation(poll, Poll()) and router.allow_relation(log, Intake())
    for app, using, allowed in (
        ("board", "ballots", True), ("board", "default", False),
        ("voting", "default", True), ("voting", "ballots", False), ("sessions", "ballots", False),
    ):  # fmt: skip
        assert router.allow_migrate(using, app) is allowed


def sqlite_only(using):
    if connections[using].vendor != "sqlite":
        pytest.skip("SQLite numbers rows; PostgreSQL is looked at in the test of dumps")


@pytest.mark.django_db
@pytest.mark.parametrize("model", [*BOARD, *PEOPLE_WITHOUT_ORDER], **ids)
def test_sqlite_numbers_no_rows(model):
    using = BallotsApart().db_for_read(model)
    sqlite_only(using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [model._meta.db_table])
        assert cursor.fetchone()[0].rstrip().endswith("WITHOUT ROWID")
        with pytest.raises(Exception, match="no such column"):
            cursor.execute(f"SELECT rowid FROM {model._meta.db_table}")


@pytest.mark.django_db
@pytest.mark.parametrize("using", ["default", "ballots"])
def test_sqlite_overwrites_what_it_deletes_and_syncs_what_it_promises(using):
    sqlite_only(using)
    with connections[using].cursor() as cursor:
        for pragma, wanted in (("secure_delete", 1), ("synchronous", 2), ("journal_mode", "wal")):
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone()[0] == wanted, pragma
