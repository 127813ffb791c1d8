"""Every mail that quotes what people wrote, sent for a town of attacks.

Deliberately absent: when they are due.
"""

from engage.identity.models import User
from engage.identity.notices import clerk_acted, poll_announced
from engage.moderation.mails import answer_mail, statement_mail
from engage.moderation.models import Appeal, Decision, Item
from forums.mails import MOST_QUOTED, send_digest
from forums.models import Post
from forums.services.noticing import Told
from tests import payloads


def send(filled: dict) -> int:
    """Statements, answers to appeals, and what is new in threads, all to Anna; how many."""
    anna = User.objects.get(pk=filled["anna-key"])
    mails = [
        *map(statement_mail, Decision.objects.order_by("pk")[: Item.objects.count()]),
        *map(_answered, Appeal.objects.order_by("pk")),
    ]
    for mail in mails:
        mail.send()
    return len(mails) + _digests(anna) + _of_polls(anna)


def _answered(appeal: Appeal) -> object:
    appeal.answer = appeal.words
    return answer_mail(appeal)


def _digests(anna: User) -> int:
    """Of many threads with a post each, and of one with many."""
    posts = Post.objects.filter(number__isnull=False).select_related("thread", "author")
    firsts = [[Told(post, "mentioned")] for post in posts.filter(first=True).order_by("pk")]
    others = [Told(post, "followed") for post in posts.filter(first=False).order_by("pk")]
    told = [firsts[n : n + MOST_QUOTED] for n in range(0, len(firsts), MOST_QUOTED)]
    told += [[others[n : n + MOST_QUOTED]] for n in range(0, len(others), MOST_QUOTED)]
    told += [[[each[0]]] for each in (group for group in told[0])]  # each title in a subject
    for threads in told:
        send_digest(anna, threads)
    return len(told)


def _of_polls(anna: User) -> int:
    titles = payloads.packed(payloads.attacks(), 200)[:20]
    for title in titles:
        poll_announced(anna, title, "/polls/")
        clerk_acted(anna, title)
    return 2 * len(titles)
