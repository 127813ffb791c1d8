"""The servers that the second run of the suite starts."""

from urllib.parse import urlsplit

from tests.services import answers, services, valkey


def test_servers_that_are_named_already_are_used(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/engage")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    with services() as names:
        assert names == {}


def test_a_server_ends_with_its_block():
    with valkey() as names:
        port = urlsplit(names["REDIS_URL"]).port
        assert answers(port)
    assert not answers(port)
