"""Somebody who has just signed in, for tests of what asks for a fresh sign-in.

Deliberately absent: a way round the sign-in pages for tests of those pages themselves.
"""

import time

from django.test import Client

from engage.identity.models import User


def sign_in_afresh(client: Client, user: User, method: str = "code", ago: float = 0) -> None:
    """Sign ``user`` in, ``ago`` seconds before now, by ``method``: code, mfa or socialaccount."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
