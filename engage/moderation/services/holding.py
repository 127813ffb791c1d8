"""Taking turns at the desk: first the account, then the item, then the text, last the journal.

Whoever takes them in this order never waits for somebody who waits for them. Deliberately absent:
the texts' own locks; the apps take them as they let a text stand otherwise.
"""

from collections.abc import Collection, Sequence

from engage.identity.models import User
from engage.moderation.models import Item, Promise
from engage.moderation.services.refusing import no_such_text
from engage.moderation.writings import kinds


def hold_account(person: User) -> None:
    """One act of a person after the other; the row itself is not changed."""
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk"))


def hold_author(item: Item) -> None:
    """The same for whoever wrote ``item``, if they are there still."""
    written = Item.objects.filter(pk=item.pk).values("author")
    people = User.objects.select_for_update(no_key=True).filter(pk__in=written)
    list(people.values_list("pk"))


def held_item(item: Item) -> Item:
    """The item as it is now, locked. Raises DomainError("text.not-found")."""
    found = Item.objects.select_for_update(of=("self",)).filter(pk=item.pk)
    held = found.select_related("author", "area").first()
    if held is None:
        raise no_such_text()
    return held


def held_items(keys: set[int]) -> list[Item]:
    """All of these as they are now, locked in one order."""
    found = Item.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(found.select_related("author", "area"))


def hold_along(item: Item) -> None:
    """All that moves with ``item``, in the same order, before any of it is held by itself."""
    kind = kinds().get(item.kind)
    hold_texts(item.kind, kind.along(item.key) if kind else ())


def hold_texts(kind: str, keys: Collection[str]) -> list[int]:
    """The items of these texts of a kind, locked in one order; their own keys."""
    found = Item.objects.select_for_update().filter(kind=kind, key__in=keys)
    return list(found.order_by("pk").values_list("pk", flat=True))


def hold_what_they_belong_to(items: Sequence[Item]) -> None:
    """What texts of several places belong to; each kind knows its order."""
    for name in sorted({item.kind for item in items}):
        if kind := kinds().get(name):
            kind.hold([item.key for item in items if item.kind == name])


def hold_desk_for_many() -> None:
    """One decision on many texts after the other: two would wait for each other's threads."""
    Promise.objects.get_or_create(pk=1)
    list(Promise.objects.select_for_update().filter(pk=1).values_list("pk"))
