"""Two accounts of one person: offered when somebody connects an identity that opens another one.

Both are proved at that moment, one by the session and one at the service, shown there anew. Until
the person says yes, only the two keys wait in the session, for ten minutes.
"""

import time

from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest

from engage.identity.models import User
from engage.identity.oidc.checks import FRESH_S

KEPT = "oidc_join"


def other_account(request: HttpRequest, account: SocialAccount) -> User | None:
    """Whose outside ``account`` it is already, if not the person's own."""
    found = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
    theirs = found.exclude(user=request.user).select_related("user").first()
    return theirs.user if theirs else None


def offer(request: HttpRequest, other: User, account: SocialAccount) -> None:
    """Remember that the person in this session has proved to be ``other`` too, by ``account``."""
    kept = {"other": str(other.pk), "uid": account.uid, "by": str(request.user.pk)}
    request.session[KEPT] = kept | {"at": time.time()}


def taken_up(request: HttpRequest) -> User | None:
    """The other account, once, if it was offered to this very person within ten minutes."""
    kept = request.session.pop(KEPT, None)
    if kept is None or kept["by"] != str(request.user.pk) or time.time() - kept["at"] > FRESH_S:
        return None
    still = SocialAccount.objects.filter(user=kept["other"], uid=kept["uid"])
    return User.objects.filter(pk=kept["other"], socialaccount__in=still).first()
