"""Everything that can be written at the desk, and for it, as an attack.

Deliberately absent: decisions that mean anything.
"""

from datetime import timedelta

from django.utils import timezone

from engage.identity.models import Area, User
from engage.moderation.models import (
    Appeal,
    Decision,
    Flag,
    Item,
    Reason,
    Remark,
    Sanction,
    Signal,
    Word,
)
from forums.models import Post
from tests.payloads import column, packed


def fill(
    posts: list[Post], texts: list[str], people: dict[str, User], authors: list[User], area: Area
) -> dict[str, list[int]]:
    """All about ``posts``, of which Anna is the author at the desk; the keys of what there is."""
    now = timezone.now()
    items = Item.objects.bulk_create(
        Item(kind="post", key=str(post.pk), author=people["anna"], standing="shown", area=area,
             queued_at=now, fold=f"{n // 20:064d}")
        for n, post in enumerate(posts)
    )  # fmt: skip
    _lists(texts)
    _noticed(items, texts, authors)
    Remark.objects.bulk_create(
        Remark(item=items[0], by=people["mora"], text=text) for text in packed(texts, 2_000)
    )
    decisions = _decided(items, texts, people)
    Sanction.objects.create(
        person=people["anna"], kind="silence", area=area, decision=decisions[0],
        since=now - timedelta(days=2), until=now - timedelta(days=1),
    )  # fmt: skip
    found = {"decisions": decisions, "items": items, "appeals": Appeal.objects.all(),
             "reasons": Reason.objects.order_by("pk")}  # fmt: skip
    return {name: [each.pk for each in rows] for name, rows in found.items()}


def _lists(texts: list[str]) -> None:
    words = packed(texts, 58)
    instead = column(texts, 60, len(words))
    Word.objects.bulk_create(
        Word(word=f"{word}{n % 10}", action="replace", replacement=other)
        for n, (word, other) in enumerate(zip(words, instead, strict=True))
    )
    titles = packed(texts, 200)
    rules, said = (column(texts, most, len(titles)) for most in (60, 2_000))
    Reason.objects.bulk_create(
        Reason(code=f"r{n}", language="en", title=title, rule=rule, statement=statement)
        for n, (title, rule, statement) in enumerate(zip(titles, rules, said, strict=True))
    )


def _noticed(items: list[Item], texts: list[str], authors: list[User]) -> None:
    """Of the first text everything was noticed, of each other one thing."""
    objections = packed(texts, 500)
    rows = [(items[0], author, said) for author, said in zip(authors, objections, strict=False)]
    rows += [(item, authors[0], said) for item, said in zip(items[1:], objections, strict=False)]
    Flag.objects.bulk_create(
        Flag(item=item, by=by, why="other", words=said) for item, by, said in rows
    )
    details = packed(texts, 200)
    noticed = [(items[0], detail) for detail in details]
    noticed += list(zip(items[1:], column(texts, 200, len(items)), strict=False))
    Signal.objects.bulk_create(
        Signal(item=item, name="word", detail=detail) for item, detail in noticed
    )


def _decided(items: list[Item], texts: list[str], people: dict[str, User]) -> list[Decision]:
    """One on each text, and on the first all of them; the first are appealed against."""
    rules = packed(texts, 60)
    rows = max(len(rules), len(items))
    whys, said = (column(texts, most, rows) for most in (120, 2_000))
    details, now = column(texts, 200, rows), timezone.now()
    decisions = Decision.objects.bulk_create(
        Decision(item=items[n] if n < len(items) else items[0], verb="move" if n % 2 else "hide",
                 why=whys[n], rule=rules[n % len(rules)], statement=said[n], detail=details[n],
                 by=people["milo"], before="shown", after="hidden", waited_since=now, told_at=now)
        for n in range(rows)
    )  # fmt: skip
    Appeal.objects.bulk_create(
        Appeal(decision=decision, words=words)
        for decision, words in zip(decisions, packed(texts, 2_000), strict=False)
    )
    return decisions
