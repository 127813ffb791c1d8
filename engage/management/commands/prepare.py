"""Make ready what a server needs: both databases, and in production the scripts and styles."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from engage.management.reasons import fill_reasons


class Command(BaseCommand):
    help = "Create and migrate both databases; in production, lay out what browsers load."

    def handle(self, *args: Any, **options: Any) -> None:
        for alias in connections:
            if connections[alias].vendor == "postgresql":
                self._create_if_missing(alias)
            call_command("migrate", database=alias, verbosity=0, interactive=False)
        fill_reasons()
        self.stdout.write("Databases are ready.")
        if not settings.DEVELOPMENT:  # where each file is looked for anew at every request
            call_command("collectstatic", verbosity=0, interactive=False)
            self.stdout.write("Scripts and styles are ready.")

    def _create_if_missing(self, alias: str) -> None:
        connection = connections[alias]
        name = connection.settings_dict["NAME"]
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
