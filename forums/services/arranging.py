"""The places to talk: opened and changed by the administrators of their area.

Deliberately absent: removing one. It can be closed, and what was written stays to be read.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.identity.rules import may_administer
from forums.models import Category


@transaction.atomic
def save_category(*, category: Category, values: dict[str, Any], by: User) -> Category:
    """Let ``category``, a new or a known one, have these ``values`` of its fields.

    Whoever changes its area administers both. Locks it. Publishes nothing: a page asks each time
    who may read. Idempotent. Raises DomainError("category.forbidden" | "category.conflict").
    """
    known = Category.objects.select_for_update().filter(pk=category.pk).first()
    areas = {_path(values.get("area")), *([known.area_id or ""] if known else [])}
    if not all(may_administer(by, area) for area in areas):
        sentence = _("This category belongs to an area that others administer.")
        raise DomainError("category.forbidden", sentence)
    saved = known or category
    for name, value in values.items():
        setattr(saved, name, value)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        sentence = _("Another category has this short name. Choose another one.")
        raise DomainError("category.conflict", sentence) from error
    return saved


def _path(area: Any) -> str:
    return area.pk if area else ""
