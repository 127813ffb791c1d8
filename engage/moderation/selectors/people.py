"""Somebody who wrote, as far as moderators may know them: their last texts, and what was decided.

Deliberately absent: addresses, names of flaggers, and texts of areas that one does not moderate.
"""

from engage.identity.domain.areas import covers
from engage.identity.domain.roles import Role
from engage.identity.models import User
from engage.identity.rules import Person, may_moderate, trusted_areas
from engage.moderation.models import Decision, Item, Sanction
from engage.moderation.selectors.desk import moderated_items
from engage.moderation.selectors.yours import shown_texts
from engage.moderation.writings import Shown


def person_page(person: Person, author: User) -> tuple[list[Sanction], list[Decision]]:
    """Sanctions of ``author`` that hold in areas of ``person``, and decisions on texts there."""
    rows = Sanction.objects.filter(person=author).select_related("area", "decision__item")
    sanctions = [each for each in rows.order_by("-since") if concerns(person, each)]
    decided = Decision.objects.filter(item__author=author).select_related("item__area", "by")
    lately = decided.order_by("-at", "-pk")[:200]
    return sanctions, [each for each in lately if may_moderate(person, each.item.area_id or "")]


def concerns(person: Person, sanction: Sanction) -> bool:
    """Whether it holds somewhere that ``person`` moderates; to lift it may be for others."""
    areas = trusted_areas(person, Role.MODERATOR)
    path = sanction.area_id or ""
    return any(covers(path, area) or covers(area, path) for area in areas)


def last_texts(person: Person, author: User) -> list[tuple[Item, Shown | None]]:
    """The last ten that ``author`` wrote where ``person`` moderates; one query and the kinds'."""
    found = moderated_items(person).filter(author=author).order_by("-written_at", "-pk")
    items = list(found[:10])
    shown = shown_texts(items)
    return [(item, shown.get((item.kind, item.key))) for item in items]
