"""What the tests of identity share: an identity service that this town has."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.oidc_provider import Service, identity_service


@pytest.fixture
def service(settings) -> Iterator[Service]:
    """A service of this test's own, freshly met."""
    cache.clear()
    with identity_service() as running:
        settings.OIDC = running.settings()
        yield running
    cache.clear()
