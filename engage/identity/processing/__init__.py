"""The register of processing: what every table of the town keeps, why, until when, who sees it.

Made from the apps' own descriptions and the models beside them. Deliberately absent: an entry
written for a page; whoever adds a field without saying what it is for fails the tests.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.models import Field

from engage.domain.processing import Table
from engage.identity.processing import libraries, people, places

TABLES = (*people.TABLES, *places.TABLES, *libraries.TABLES)


@lru_cache(maxsize=1)
def register() -> dict[str, Table]:
    """Every description of an installed table by its name, people first."""
    return {table.table: table for table in described() if table.table in stored()}


def described() -> Iterator[Table]:
    """All that the apps say of their tables; the ``processing`` of every app that has one."""
    yield from TABLES
    for app in apps.get_app_configs():
        name = f"{app.name}.processing"
        if name != __name__ and find_spec(name):
            yield from import_module(name).TABLES


@lru_cache(maxsize=1)
def stored() -> dict[str, dict[str, Field]]:
    """Every table of the installed apps with its columns, those that join two others included."""
    return {
        model._meta.label_lower: {field.name: field for field in model._meta.concrete_fields}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
