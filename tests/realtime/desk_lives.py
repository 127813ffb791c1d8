"""The desk as it fills and empties: everything that is done to texts that wait, by real services.

Deliberately absent: sockets and pages; the laws bring them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engage.domain.topics import Topic
from engage.identity.models import User
from engage.moderation.domain.desk_topics import desk_topic_of
from engage.moderation.models import Appeal, Decision, Item, Reason
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.claiming import claim_item, let_go
from engage.moderation.services.deciding import decide, decide_together
from engage.moderation.services.flagging import flag_text
from engage.moderation.services.remarking import remark
from forums.models import Category, Thread
from forums.services.editing import edit_post
from forums.services.writing import post_reply
from tests.forums import forum
from tests.voting import polls
from tests.voting.areas import HERE


@dataclass
class Desk:
    """The desk of an area, and a thread in which everything is looked at before it is shown."""

    thread: Thread
    path: str = ""
    title: str = "Words that wait."

    @property
    def topic(self) -> Topic:
        return Topic.parse(desk_topic_of(self.path))

    def get_absolute_url(self) -> str:
        return "/desk/"

    def moderator(self, place: int = 0) -> User:
        """One of the town's moderators, always the same."""
        known = User.objects.filter(grants__role="moderator").order_by("grants__pk")
        while known.count() <= place:
            polls.person("moderator")
        return known[place]

    def item(self, place: int) -> Item:
        """The text that came at this place of all, -1 for the last."""
        return list(Item.objects.order_by("pk"))[place]


Act = Callable[[Desk], Any]


def desk(path: str = "") -> Desk:
    place = forum.category(path or None, look=Category.Look.BEFORE)
    made = Desk(forum.thread(place=place), path)
    write(made.title)(made)
    return made


def write(text: str) -> Act:
    def act(made: Desk) -> None:
        thread = Thread.objects.select_related("category").get(pk=made.thread.pk)
        post_reply(thread=thread, author=forum.person(), text=text)

    return act


def claim(place: int, by: int = 0) -> Act:
    return lambda made: claim_item(item=made.item(place), by=made.moderator(by))


def leave(place: int, by: int = 0) -> Act:
    return lambda made: let_go(item=made.item(place), by=made.moderator(by))


def note(place: int, text: str) -> Act:
    return lambda made: remark(item=made.item(place), by=made.moderator(), text=text)


def reason() -> Reason:
    known = {"code": "insult", "language": "en", "title": "It insults", "statement": "No."}
    return Reason.objects.filter(code="insult").first() or Reason.objects.create(**known)


def settle(place: int, verb: str, by: int = 0, **more: Any) -> Act:
    def act(made: Desk) -> Decision:
        words = {"reason": reason(), "statement": "It names a neighbour."}
        who = made.moderator(by)
        return decide(item=made.item(place), by=who, verb=verb, **(words | more))

    return act


def settle_together(*places: int) -> Act:
    def act(made: Desk) -> None:
        items = [made.item(place) for place in places]
        words = {"reason": reason(), "statement": "It is the same again."}
        decide_together(items=items, by=made.moderator(), verb="hide", expected=len(items), **words)

    return act


def object_to_it(place: int) -> Act:
    def act(made: Desk) -> None:
        item = made.item(place)
        for _ in range(3):
            flag_text(kind=item.kind, key=item.key, by=forum.person(), why="insult", words="")

    return act


def change(place: int, text: str) -> Act:
    def act(made: Desk) -> None:
        post = made.thread.posts.get(pk=made.item(place).key)
        edit_post(post=post, by=post.author, text=text)

    return act


def contradict(made: Desk) -> None:
    decision = Decision.objects.order_by("pk").last()
    appeal(decision=decision, author=decision.item.author, words="It is a street's name.")


def answer(made: Desk, overturn: bool = True) -> None:
    found = Appeal.objects.get()
    answer_appeal(appeal=found, by=made.moderator(1), overturn=overturn, answer="So it is.")


STATES = {"town": desk, "area": lambda: desk(HERE)}
LIFE: dict[str, tuple[Callable[[], Desk], list[Act]]] = {
    "worked off": (
        desk,
        [
            write("The second."),
            claim(0),
            write("<b>The</b> third & last."),
            claim(1, by=1),
            note(0, "As last week."),
            leave(0),
            claim(0, by=1),
            settle(0, "approve", by=1),
            settle(2, "hide"),
            leave(1, by=1),
        ],
    ),
    "contradicted": (
        desk,
        [settle(0, "hide"), write("Another."), contradict, answer, claim(1, by=1)],
    ),
    "decided together": (
        desk,
        [write("The second."), write("The third."), settle_together(0, 2), write("The fourth.")],
    ),
    "objected to": (
        desk,
        [
            settle(0, "approve", reason=None, statement=""),
            object_to_it(0),
            write("Another."),
            settle(0, "return"),
            change(0, "Decent words."),
        ],
    ),
    "silenced": (
        desk,
        [settle(0, "ban"), write("By somebody else."), settle(0, "lift"), settle(0, "remove")],
    ),
}
