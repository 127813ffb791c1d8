"""What an identity service is not started without, and what .env says of it."""

import re

import pytest
from django.core.checks import run_checks
from django.test import Client

from engage.identity.oidc.configuration import configured
from engage.identity.oidc.production import identity_service_is_safe, identity_service_is_whole
from tests.engage.web.test_checks import check

pytestmark = pytest.mark.adversary("C13")
WHOLE = {
    "issuer": "https://id.eddersford.example", "client": "engage", "secret": "s" * 32,
    "name": "Eddersford Identity", "level": "national",
}  # fmt: skip


def found(check):
    return {error.id for error in check(None)}


@pytest.mark.parametrize("none", [{}, {"client": "x", "secret": "y", "level": "nonsense"}])
def test_without_an_issuer_there_is_none_and_nothing_to_complain_of(settings, none):
    settings.OIDC = WHOLE | {"issuer": ""} | none
    assert configured() is None
    assert found(identity_service_is_whole) == found(identity_service_is_safe) == set()


def test_a_whole_one_is_fine(settings):
    settings.OIDC = WHOLE
    assert found(identity_service_is_whole) == found(identity_service_is_safe) == set()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"issuer": "id.eddersford.example"}, "engage.E030"),
        ({"issuer": "https://id.eddersford.example?x=1"}, "engage.E030"),
        ({"issuer": "https://id.eddersford.example/" + "x" * 200}, "engage.E030"),
        ({"issuer": "javascript:alert(1)"}, "engage.E030"),
        ({"client": ""}, "engage.E031"),
        ({"level": "very sure"}, "engage.E032"),
        ({"level": ""}, "engage.E032"),
    ],
)
def test_a_broken_one_is_refused_everywhere(settings, changed, error):
    settings.OIDC = WHOLE | changed
    assert found(identity_service_is_whole) == {error}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"issuer": "http://id.eddersford.example"}, "engage.E033"),
        ({"secret": ""}, "engage.E034"),
        ({"secret": "guess"}, "engage.E034"),
    ],
)
def test_production_refuses_an_unsafe_one(settings, changed, error):
    settings.OIDC = WHOLE | changed
    assert found(identity_service_is_safe) == {error}
    deployed = {each.id for each in run_checks(include_deployment_checks=True)}
    assert error in deployed
    assert error not in {each.id for each in run_checks()}


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({}, set()),
        ({"OIDC_ISSUER": "http://id.eddersford.example"}, {"engage.E033"}),
        ({"OIDC_CLIENT_ID": "", "OIDC_CLIENT_SECRET": ""}, {"engage.E031", "engage.E034"}),
        ({"OIDC_LEVEL": "much"}, {"engage.E032"}),
    ],
)
def test_the_environment_is_held_to_it(tmp_path, changed, errors):
    environment = {
        "OIDC_ISSUER": WHOLE["issuer"], "OIDC_CLIENT_ID": "engage",
        "OIDC_CLIENT_SECRET": WHOLE["secret"], "OIDC_LEVEL": "national", **changed,
    }  # fmt: skip
    done = check(tmp_path, **environment)
    assert set(re.findall(r"engage\.E\d+", done.stderr)) == errors


def test_a_service_without_a_name_is_called_by_its_host(settings):
    settings.OIDC = WHOLE | {"name": ""}
    assert configured().name == "id.eddersford.example"


@pytest.mark.django_db
def test_the_button_is_there_only_where_there_is_a_service(client, settings):
    assert "/accounts/oidc/" not in client.get("/accounts/login/").content.decode()
    settings.OIDC = WHOLE
    page = Client().get("/accounts/login/?next=/polls/").content.decode()
    assert 'action="/accounts/oidc/login/"' in page
    assert "Eddersford Identity" in page
