"""Writing what the town says of itself. Who may is decided above, where people are known."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.web.models import Text, Town
from engage.web.palette import palette
from engage.web.town import renew_town


@transaction.atomic
def save_town(
    *, allowed: bool, by: UUID, name: str, office: str, colour: str, currency: str
) -> Town:
    """Call the town so and show it in ``colour``, on every page from now on.

    Idempotent. Raises DomainError("town.forbidden"), DomainError("town.unreadable").
    """
    _refuse_unless(allowed, "town")
    try:
        palette(colour)
    except ValueError:
        raise DomainError(
            "town.unreadable", _("Words in this colour could not be read. Choose another one.")
        ) from None
    values = {"name": name, "office": office, "colour": colour.lower(), "currency": currency}
    changed = {"changed_at": timezone.now(), "by_id": by}
    town, _made = Town.objects.update_or_create(pk=1, defaults={**values, **changed})
    transaction.on_commit(renew_town)
    return town


@transaction.atomic
def publish_text(
    *, allowed: bool, by: UUID, slug: str, language: str, title: str, body: str, after: int
) -> Text:
    """Publish the version that follows version ``after``; the older ones stay readable.

    Idempotent because the same words are published once. Raises DomainError("text.forbidden"), and
    DomainError("text.conflict") where somebody else has published since ``after``.
    """
    _refuse_unless(allowed, "text")
    newest = Text.objects.filter(slug=slug, language=language).first()
    if newest and (newest.title, newest.body) == (title, body):
        return newest
    if after != (newest.version if newest else 0):
        raise _overtaken()
    text = Text(slug=slug, language=language, title=title, body=body, version=after + 1, by_id=by)
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError:
        raise _overtaken() from None
    transaction.on_commit(renew_town)
    return text


def _refuse_unless(allowed: bool, what: str) -> None:
    if not allowed:
        raise DomainError(f"{what}.forbidden", _("This is for the town's administrators."))


def _overtaken() -> DomainError:
    return DomainError(
        "text.conflict",
        _("Somebody published another version while you were writing. Yours is still here."),
    )
