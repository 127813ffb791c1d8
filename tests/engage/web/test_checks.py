"""Production refuses to start unsafe: each unsafe setting alone is an error with its own id."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from engage.web.checks import production_is_safe
from tests.paths import ROOT

pytestmark = pytest.mark.adversary("I12")

SAFE = {
    "DEBUG": "false",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": "nobody-uses-this-one-for-anything-else-7c1f0a9d35e84b62",
    "SITE_ORIGIN": "https://town.example",
    "BOOTH_ORIGIN": "https://ballots.example",
    "DATABASE_URL": "postgres://people@one.internal/engage",
    "BALLOTS_DATABASE_URL": "postgres://ballots@two.internal/ballots",
    "LIMITS": "true",
}
SAME = "postgres://people@one.internal/engage"
UNSAFE = {
    "the known key": ({"SECRET_KEY": "for-development-only"}, {"engage.E001", "security.W009"}),
    "pages in plain text": (
        {"SITE_ORIGIN": "http://town.example"},
        {"engage.E002", "security.W004", "security.W008", "security.W012", "security.W016"},
    ),
    "ballots in plain text": ({"BOOTH_ORIGIN": "http://ballots.example"}, {"engage.E003"}),
    "one host in capitals for both": (
        {"BOOTH_ORIGIN": "https://TOWN.example:8443"},
        {"engage.E004"},
    ),
    "one database for both": ({"BALLOTS_DATABASE_URL": SAME}, {"engage.E005"}),
    "no limits": ({"LIMITS": "false"}, {"engage.E006"}),
    "a colour that cannot be read": ({"TOWN_COLOUR": "#ffff00"}, {"engage.E007"}),
    "no proxy": ({"TRUSTED_PROXIES": "0"}, {"engage.E009"}),
    "staff by a code alone": ({"STAFF_SECOND_FACTOR": "false"}, {"engage.E010"}),
    "development": (
        {"DEBUG": "true", "TRACEBACKS": "true"},
        {"engage.E008", "engage.E010", "security.W018"},
    ),
}


def check(folder, *command, **changes):
    """Exit code and output of a command with that environment and no other."""
    plain = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    command = command or ("check", "--deploy", "--fail-level", "WARNING")
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**plain, **SAFE, "DATA_DIR": str(folder), **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_safe_production_has_nothing_to_say(tmp_path):
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("what", UNSAFE)
def test_each_unsafe_setting_alone_is_refused_by_its_name(what, tmp_path):
    changes, ids = UNSAFE[what]
    done = check(tmp_path, **changes)
    assert done.returncode == 1, done.stdout
    assert set(re.findall(r"\((\w+\.[EW]\d+)\)", done.stderr)) == ids, done.stderr


def test_the_server_itself_does_not_start_unsafe(tmp_path):
    files = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/a", "BALLOTS_DATABASE_URL": f"sqlite:///{tmp_path}/b",
    }  # fmt: skip
    done = check(tmp_path, "serve", **files, LIMITS="false")
    assert done.returncode != 0
    assert "engage.E006" in done.stderr


def test_without_a_key_production_does_not_start_at_all(tmp_path):
    done = check(tmp_path, SECRET_KEY="")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_hosts_are_the_two_origins_and_no_others(tmp_path):
    code = "from django.conf import settings as s; print(s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**SAFE, "PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path),
             "DJANGO_SETTINGS_MODULE": "engage.settings"},
    )  # fmt: skip
    told = "['ballots.example', 'town.example'] ['https://town.example']"
    assert done.stdout.strip() == told


def places(one, other):
    """The ids of an otherwise safe setting with these two databases."""
    empty = {"HOST": "", "PORT": "", "USER": ""}
    databases = {"default": {**empty, **one}, "ballots": {**empty, **other}}
    safe = {name: SAFE[name] for name in ("SECRET_KEY", "SITE_ORIGIN", "BOOTH_ORIGIN")}
    safe |= {"LIMITS": True, "DEVELOPMENT": False, "TRUSTED_PROXIES": 1}
    safe["STAFF_SECOND_FACTOR"] = True
    with override_settings(DATABASES=databases, **safe):
        return [error.id for error in production_is_safe(None)]


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_one_database_by_two_names_is_one():
    file, server = "django.db.backends.sqlite3", "django.db.backends.postgresql"
    one = {"ENGINE": file, "NAME": "one.sqlite3"}
    for name in ("one.sqlite3", "./one.sqlite3", Path("one.sqlite3").resolve()):
        assert places(one, {"ENGINE": file, "NAME": name}) == ["engage.E005"]
    assert places(one, {"ENGINE": file, "NAME": "other.sqlite3"}) == []
    there = {"ENGINE": server, "NAME": "engage", "HOST": "one.internal", "USER": "people"}
    assert places(there, {**there, "USER": "ballots"}) == ["engage.E005"]
    assert places(there, {**there, "NAME": "ballots"}) == []
    assert places(there, {**there, "HOST": "two.internal"}) == []
