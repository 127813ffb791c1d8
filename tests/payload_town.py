"""A town in which everything that anybody can write is an attack, stored past every form.

Deliberately absent: what forms would have refused or taken out; what is stored may be older.
"""

import json
from itertools import count

from django.conf import settings
from django.test import Client
from django.utils import timezone

from engage.identity.models import User
from engage.moderation import models as desk
from forums.models import Category, Draft, Follow, Picture, Post, Revision, Thread
from forums.services.wording import html_of
from tests import payloads
from tests.forums import forum
from tests.voting import polls

A_THIRD = 3
WHO = ("", "anna", "mora", "olga", "oper")
_keys = count(1)


def cut(text: str, most: int) -> str:
    """As much of it as a column takes, never blank."""
    return text.strip()[:most].strip() or "x"


def fill(every: int = 1) -> dict:
    """Store every ``every``-th attack as everything; the keys of things and people's sessions."""
    texts = list(payloads.attacks()[::every])
    people = {"anna": polls.person("resident"), "mora": polls.person("moderator"),
              "olga": polls.person("administrator"),
              "oper": _operator()}  # fmt: skip
    authors = User.objects.bulk_create(
        [
            User(email=f"a{n}@town.example", display_name=cut(text, 60))
            for n, text in enumerate(texts)
        ]
    )
    Category.objects.bulk_create(
        Category(slug=f"c{n}", name=cut(text, 80), description=cut(text, 300), theme=cut(text, 60))
        for n, text in enumerate(texts[::A_THIRD])
    )
    place = Category.objects.create(
        slug="here", name=cut(payloads.OWN[0], 80), description=cut(payloads.OWN[1], 300)
    )
    now = timezone.now()
    Thread.objects.bulk_create(
        Thread(category=place, title=cut(text, 120), author=authors[n], posts_count=1, last_at=now)
        for n, text in enumerate(texts)
    )
    thread = forum.thread(place, people["anna"], title=cut(payloads.OWN[3], 120))
    posts = _posts(thread, authors, texts)
    _around(posts, texts, people)
    decisions = _decided(posts, texts, people)
    keys = {"thread": thread.pk, "post": posts[0].pk, "decision": decisions[0].pk}
    sessions = {name: session(person) for name, person in people.items()}
    return {"place": place.slug} | keys | sessions


def _operator() -> User:
    return User.objects.create_superuser("operator@town.example")


def session(person: User) -> str:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies["sessionid"].value


def _posts(thread: Thread, authors: list[User], texts: list[str]) -> list[Post]:
    now = timezone.now()
    made = Post.objects.bulk_create(
        Post(
            thread=thread, author=authors[n], text=text, html=html_of(text), number=n + 2,
            root_number=n + 2, written_at=now, shown_at=now,
            office=cut(text, 120) if n % 5 == 0 else "",
        )
        for n, text in enumerate(texts)
    )  # fmt: skip
    Thread.objects.filter(pk=thread.pk).update(
        last_number=len(texts) + 1, posts_count=len(texts) + 1, version=9
    )
    return made


def _around(posts: list[Post], texts: list[str], people: dict[str, User]) -> None:
    """Pictures, earlier texts, drafts, what one follows, words and reasons of the desk."""
    Picture.objects.bulk_create(
        Picture(post=post, by=post.author, alt=cut(text, 300), kind="png", width=1, height=1,
                content=b"x")
        for post, text in zip(posts, texts, strict=True)
    )  # fmt: skip
    Revision.objects.bulk_create(Revision(post=posts[0], text=text, shown=True) for text in texts)
    Draft.objects.bulk_create(
        Draft(person=people["anna"], place=f"thread.{number}", title=cut(text, 120), text=text)
        for number, text in zip(Thread.objects.values_list("pk", flat=True), texts, strict=False)
    )
    Follow.objects.bulk_create(
        Follow(person=people["anna"], thread=thread) for thread in Thread.objects.all()[::A_THIRD]
    )
    desk.Word.objects.bulk_create(
        [
            desk.Word(word=cut(text, 58) + str(n % 10), action="flag")
            for n, text in enumerate(texts)
        ],
        ignore_conflicts=True,
    )
    desk.Reason.objects.bulk_create(
        desk.Reason(code=f"r{n}", language="en", title=cut(text, 200), rule=cut(text, 60),
                    statement=text[:2_000])
        for n, text in enumerate(texts[::A_THIRD])
    )  # fmt: skip


def _decided(posts: list[Post], texts: list[str], people: dict[str, User]) -> list[desk.Decision]:
    """Texts of Anna's at the desk: flagged, remarked on, decided, appealed against."""
    items = desk.Item.objects.bulk_create(
        desk.Item(kind="post", key=str(post.pk), author=people["anna"], standing="shown",
                  queued_at=timezone.now())
        for post in posts
    )  # fmt: skip
    pairs = list(zip(items, texts, strict=True))
    desk.Flag.objects.bulk_create(
        desk.Flag(item=item, by=people["olga"], why="other", words=cut(text, 500))
        for item, text in pairs
    )
    desk.Signal.objects.bulk_create(
        desk.Signal(item=item, name=desk.Signal.Name.values[0], detail=cut(text, 200))
        for item, text in pairs
    )
    desk.Remark.objects.bulk_create(
        desk.Remark(item=items[0], by=people["mora"], text=text[:2_000]) for text in texts
    )
    decisions = desk.Decision.objects.bulk_create(
        desk.Decision(item=item, verb="hide", why=cut(text, 200), rule=cut(text, 60),
                      statement=text[:2_000], detail=cut(text, 200), by=people["mora"],
                      before="shown", after="hidden", waited_since=timezone.now())
        for item, text in pairs
    )  # fmt: skip
    desk.Appeal.objects.bulk_create(
        desk.Appeal(decision=decision, words=text[:2_000])
        for decision, text in zip(decisions, texts, strict=True)
    )
    return decisions


def screens(filled: dict) -> list[tuple[str, str]]:
    """Whose page, and its address; pages of a list lead on by themselves."""
    thread, place, post = filled["thread"], filled["place"], filled["post"]
    of_all = ["/forum/", f"/forum/{place}/", f"/threads/{thread}/", "/moderation/"]
    own = [f"/posts/{post}/more/", f"/posts/{post}/history/", "/you/drafts/", "/you/forum/",
           "/you/decisions/", f"/you/decisions/{filled['decision']}/", "/you/data/",
           f"/flag/post/{post}/", f"/forum/{place}/new/", f"/threads/{thread}/reply/?to={post}",
           ]  # fmt: skip
    staff = ["/desk/words/", "/desk/reasons/", f"/threads/{thread}/tend/"]
    tables = ["forums/category", "forums/thread", "identity/user"]
    tables += [f"moderation/{table}" for table in "item flag decision appeal remark word".split()]
    admin = [f"/admin/{table}/" for table in tables]
    return [
        *(("", path) for path in of_all), *(("anna", path) for path in own),
        *(("mora", path) for path in staff), ("olga", "/office/categories/"),
        *(("oper", path) for path in admin),
    ]  # fmt: skip


def told(filled: dict) -> str:
    """One line for whoever filled the town in a process of its own."""
    return f"filled {json.dumps(filled)}"
