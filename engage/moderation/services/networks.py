"""The network a text came from, as a mark by which many accounts of one are noticed; for a week.

Deliberately absent: the address. The mark is keyed, and another one each day.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.retention import Kept, cutoff
from engage.identity.services.forgetting import Job
from engage.moderation.models import Item
from engage.web.limits import by_address


def network_mark(request: HttpRequest) -> str:
    """The same for everybody of one network on one day; empty where there is no address."""
    address = by_address("", request)
    if not address:
        return ""
    salt = f"engage.moderation.networks {timezone.localdate().isoformat()}"
    return salted_hmac(salt, address, algorithm="sha256").hexdigest()


def _old_marks(now: datetime) -> QuerySet:
    return Item.objects.exclude(network="").filter(written_at__lte=cutoff(Kept.NETWORKS, now))


def _forget_marks(keys: list, now: datetime) -> int:
    return _old_marks(now).filter(pk__in=keys).update(network="")


JOB = Job(Kept.NETWORKS, _("marks of networks, after a week"), _old_marks, _forget_marks)
