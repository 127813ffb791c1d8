"""A poll begun with words from elsewhere: a draft, which only organisers see.

Deliberately absent: options and times. Whoever organises it writes those.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from engage.identity.models import Area, User
from engage.identity.onward import Onward
from engage.identity.rules import may_organise
from voting.models import Poll


@transaction.atomic
def begin_poll(by: User, area: Area | None, title: str, text: str) -> Topic:
    """A draft of an area in which ``by`` organises. Publishes nothing.

    Raises DomainError("poll.forbidden").
    """
    if not may_organise(by, area.pk if area else ""):
        raise DomainError("poll.forbidden", _("You do not organise polls in this area."))
    method = Poll.Method.PLURALITY
    poll = Poll.objects.create(
        title=title[:200], description=text[:10_000], area=area, organiser=by, method=method,
        rule=Poll.RULES[method][0], who=Poll.Who.EVERYONE,
    )  # fmt: skip
    return Topic("poll", str(poll.pk))


POLLS = Onward("poll", gettext_lazy("A poll"), may_organise, begin_poll)
