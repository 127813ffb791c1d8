"""Threads in every state, and all that is done to one, by the real services.

Deliberately absent: sockets and pages; the laws bring them.
"""

from collections.abc import Callable
from typing import Any

from engage.identity.services.correcting import correct_name
from engage.identity.services.erasing import erase_account
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Reaction, Thread
from forums.services.editing import edit_post
from forums.services.reacting import count_stirred, react
from forums.services.showing import let_post_stand
from forums.services.tending import (
    lock_thread,
    mark_answered,
    mark_duplicate,
    move_thread,
    pin_thread,
    slow_thread,
    turn_thread,
)
from forums.services.writing import answer_officially, post_reply
from tests.forums import forum
from tests.voting import polls

Act = Callable[[Thread], Any]
Readers = Category.Readers


def thread(**fields: Any) -> Thread:
    """A thread with two answers, one of which has an answer itself."""
    made = forum.thread(**fields)
    forum.post(made, to=forum.post(made))
    forum.post(made)
    made.refresh_from_db()
    return made


def kept_for(readers: str) -> Callable[[], Thread]:
    return lambda: thread(place=forum.category(readers=readers))


def standing(how: Standing) -> Callable[[], Thread]:
    return lambda: forum.thread(standing=how)


def busy() -> Thread:
    """Somebody who may write everywhere: every step is taken by a moderator or an organiser."""
    return thread(author=polls.person("moderator"))


def known(of: Thread, place: int) -> Post:
    """The post at this place in the order in which they were written, -1 for the last."""
    posts = list(of.posts.order_by("pk"))
    return posts[place]


def fresh(act: Callable[..., Any]) -> Act:
    """``act`` on the thread as it is by then."""

    def on(made: Thread) -> None:
        act(Thread.objects.select_related("category").get(pk=made.pk))

    return on


def write(text: str, to: int | None = None) -> Act:
    def act(made: Thread) -> None:
        answered = None if to is None else known(made, to)
        post_reply(thread=made, author=forum.person(), text=text, to=answered)

    return fresh(act)


def edit(place: int, text: str) -> Act:
    def act(made: Thread) -> None:
        post = known(made, place)
        edit_post(post=post, by=post.author, text=text)

    return fresh(act)


def stand(place: int, how: Standing) -> Act:
    return fresh(lambda made: let_post_stand(str(known(made, place).pk), how))


def say(kind: str, *places: int, on: bool = True) -> Act:
    def act(made: Thread) -> None:
        person = forum.person()
        for place in places:
            react(post=known(made, place), person=person, kind=kind, on=on)
        count_stirred()

    return fresh(act)


def take_back(place: int) -> Act:
    def act(made: Thread) -> None:
        given = Reaction.objects.filter(post=known(made, place)).first()
        react(post=given.post, person=given.person, kind=given.kind, on=False)
        count_stirred()

    return fresh(act)


def officially(text: str) -> Act:
    def act(made: Thread) -> None:
        organiser = polls.person("organiser")
        answer_officially(thread=made, by=organiser, text=text, office="Parks and Gardens")

    return fresh(act)


def tend(service: Callable[..., Any], **values: Any) -> Act:
    return fresh(lambda made: service(thread=made, by=polls.person("moderator"), **values))


def repeat(made: Thread) -> None:
    tend(mark_duplicate, of=forum.thread(title="Seats by the water"))(made)


def move(**place: Any) -> Act:
    def act(made: Thread) -> None:
        target = forum.category(**place)
        move_thread(thread=made, by=polls.person("moderator"), category=target)

    return fresh(act)


def rename(place: int, name: str) -> Act:
    return fresh(lambda made: correct_name(person=known(made, place).author, name=name))


def leave(place: int) -> Act:
    def act(made: Thread) -> None:
        erase_account(person=known(made, place).author, keep_texts=False)

    return fresh(act)


def held_reply(made: Thread) -> None:
    forum.post(made, text="Held words.", standing=Standing.HELD)


STATES = {
    "shown": thread,
    "for accounts": kept_for(Readers.ACCOUNT),
    "for staff": kept_for(Readers.STAFF),
    "held": standing(Standing.HELD),
    "hidden": standing(Standing.HIDDEN),
    "removed": standing(Standing.REMOVED),
    "locked": lambda: thread(locked=True),
}
LIFE: dict[str, tuple[Callable[[], Thread], list[Act]]] = {
    "talked in": (
        thread,
        [
            write("First **words** of mine."),
            write("To the thread's first reply.", to=1),
            write("To the answer of an answer.", to=2),
            edit(-1, "Changed words."),
            rename(1, "Rowan Reed"),
            rename(0, "Wren Ash"),
            say("agree", 0, 1, -1),
            say("doubt", 1),
            take_back(1),
            write("Last words."),
        ],
    ),
    "decided on": (
        thread,
        [
            stand(1, Standing.HIDDEN),
            write("Words after that."),
            stand(2, Standing.REMOVED),
            stand(1, Standing.SHOWN),
            held_reply,
            stand(-1, Standing.SHOWN),
            stand(-1, Standing.RETURNED),
            edit(1, "Decent words."),
        ],
    ),
    "answered": (
        thread,
        [
            officially("The benches come in *May*."),
            tend(mark_answered, answered=True),
            edit(-1, "The benches come in June."),
            say("thanks", -1),
            stand(-1, Standing.HIDDEN),
            stand(-1, Standing.SHOWN),
        ],
    ),
    "tended": (
        thread,
        [
            tend(pin_thread, pinned=True),
            tend(slow_thread, seconds=120),
            repeat,
            tend(turn_thread, became="poll.0197f3a0-0000-7000-8000-000000000000"),
            tend(lock_thread, locked=True),
            tend(pin_thread, pinned=False),
        ],
    ),
    "left": (thread, [leave(1), write("Somebody stays."), leave(0), write("And goes on.")]),
    "moved": (thread, [write("Before."), move(theme="Elsewhere"), write("After.")]),
    "kept for accounts": (kept_for(Readers.ACCOUNT), [write("Between us."), say("idea", -1)]),
    "kept for staff": (
        kept_for(Readers.STAFF), [officially("Between us."), stand(-1, Standing.REMOVED)]
    ),
}  # fmt: skip
