"""A town in which everything that anybody can write is an attack, stored past every form.

Posts hold one attack each, for what Markdown makes of it; shorter columns hold as many as they
take, in as few rows as that makes. Deliberately absent: what forms would have refused or taken out;
what is stored may be older.
"""

import json

from django.conf import settings
from django.test import Client
from django.utils import timezone

from engage.identity.models import Area, RoleGrant, User
from engage.web.models import Text, Town
from forums.models import Category, Draft, Follow, Picture, Post, Revision, Thread
from forums.services.wording import html_of
from tests import payload_desk, payload_polls
from tests.forums import forum
from tests.payloads import attacks, column, packed
from tests.voting import polls

A_FEED = 30
WORK = {"mora": "moderator", "milo": "moderator", "olga": "administrator", "orga": "organiser"}


def fill(every: int = 1) -> dict:
    """Store every ``every``-th attack as everything; the keys of things and people's sessions."""
    texts = list(attacks()[::every])
    _town(texts)
    people = _people(texts)
    authors = _authors(texts)
    places = _places(texts)
    firsts = _threads(places, authors, texts)
    area = Area.objects.create(path="town", name=packed(texts, 100)[0], kind="city")
    place = Category.objects.create(slug="here", name=packed(texts, 80)[0], area=area)
    thread = forum.thread(place, people["anna"], title=packed(texts, 120)[0])
    posts = _posts(thread, authors, texts)
    _around(posts, texts, people["anna"])
    desk = payload_desk.fill(firsts, texts, people, authors, area)
    made = payload_polls.fill(texts)
    keys = {
        "thread": thread.pk, "post": posts[0].pk, "first": firsts[0].pk,
        "place": place.slug, "places": [each.slug for each in places[: len(firsts) // A_FEED + 1]],
        "polls": made, "anna-key": str(people["anna"].pk),
    }  # fmt: skip
    return keys | desk | {name: session(person) for name, person in people.items()}


def _town(texts: list[str]) -> None:
    Town.objects.create(
        name=packed(texts, 60)[0], office=packed(texts, 120)[0],
        colour="#7b1f51", currency="<b>",
    )  # fmt: skip
    bodies = packed(texts, 40_000)
    slug = Text.Slug.HOUSE_RULES
    Text.objects.filter(slug=slug).delete()
    titles = column(texts, 100, len(bodies))
    Text.objects.bulk_create(
        Text(slug=slug, language="en", version=n, title=title, body=body)
        for n, (title, body) in enumerate(zip(titles, bodies, strict=True), start=1)
    )


def _people(texts: list[str]) -> dict[str, User]:
    names = column(texts, 60, 6)
    people = {"anna": polls.person("resident", display_name=names[0])}
    people |= {
        who: polls.person(role, display_name=name)
        for (who, role), name in zip(WORK.items(), names[1:], strict=False)
    }
    operator = User.objects.create_superuser("operator@town.example", display_name=names[5])
    return people | {"oper": operator}


def _authors(texts: list[str]) -> list[User]:
    made = User.objects.bulk_create(
        User(email=f"a{n}@town.example", display_name=name)
        for n, name in enumerate(packed(texts, 60))
    )
    RoleGrant.objects.bulk_create(RoleGrant(person=each, role="auditor") for each in made[:50])
    return made


def _places(texts: list[str]) -> list[Category]:
    themes = packed(texts, 60)
    names, words = (column(texts, most, len(themes)) for most in (80, 300))
    return Category.objects.bulk_create(
        Category(slug=f"c{n}", name=name, description=said, theme=theme)
        for n, (name, said, theme) in enumerate(zip(names, words, themes, strict=True))
    )


def _threads(places: list[Category], authors: list[User], texts: list[str]) -> list[Post]:
    """Threads with one post each, as many in a place as a feed tells; their posts."""
    now, titles = timezone.now(), packed(texts, 120)
    threads = Thread.objects.bulk_create(
        Thread(category=places[n // A_FEED], title=title, author=authors[n % len(authors)],
               posts_count=1, last_number=1, told_number=1, last_at=now)
        for n, title in enumerate(titles)
    )  # fmt: skip
    return Post.objects.bulk_create(
        _post(thread, authors[n % len(authors)], text, 1, first=True)
        for n, (thread, text) in enumerate(
            zip(threads, column(texts, 300, len(threads)), strict=True)
        )
    )


def _post(thread: Thread, author: User, text: str, number: int, **fields: object) -> Post:
    now = timezone.now()
    return Post(
        thread=thread, author=author, text=text, html=html_of(text), number=number,
        root_number=number, written_at=now, shown_at=now, **fields,
    )  # fmt: skip


def _posts(thread: Thread, authors: list[User], texts: list[str]) -> list[Post]:
    offices = column(texts, 120, len(texts))
    made = Post.objects.bulk_create(
        _post(
            thread, authors[n % len(authors)], text, n + 2, office="" if n % 2 else offices[n // 2]
        )
        for n, text in enumerate(texts)
    )
    last = len(texts) + 1
    Thread.objects.filter(pk=thread.pk).update(
        last_number=last, told_number=last, posts_count=last, version=9
    )
    return made


def _around(posts: list[Post], texts: list[str], anna: User) -> None:
    """Pictures, earlier texts, drafts, and what one follows."""
    Picture.objects.bulk_create(
        Picture(post=post, by=post.author, alt=alt, kind="png", width=1, height=1, content=b"x")
        for post, alt in zip(posts, packed(texts, 300), strict=False)
    )
    before = packed(texts, 2_000)
    Revision.objects.bulk_create(Revision(post=posts[0], text=text, shown=True) for text in before)
    threads = list(Thread.objects.all())
    titles, words = (column(texts, most, len(threads)) for most in (120, 300))
    Draft.objects.bulk_create(
        Draft(person=anna, place=f"thread.{thread.pk}", title=title, text=text)
        for thread, title, text in zip(threads, titles, words, strict=True)
    )
    Follow.objects.bulk_create(Follow(person=anna, thread=thread) for thread in threads)


def session(person: User) -> str:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies["sessionid"].value


def told(filled: dict) -> str:
    """One line for whoever filled the town in a process of its own."""
    return f"filled {json.dumps(filled)}"
