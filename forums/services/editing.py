"""Changing a post: what it said before is kept, and the desk looks at the new words as at any.

Deliberately absent: changing what somebody else wrote. Moderators ask the author to do it.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from engage.moderation.services.receiving import enter, look_over
from forums.models import Category, Post, Revision
from forums.rules import EDITABLE, may_answer_officially, may_edit_post, may_tend
from forums.selectors.mentioned import people_named
from forums.services.drafting import use_up_draft
from forums.services.locking import KIND, held_post, hold_account, hold_item
from forums.services.mentioning import name_people
from forums.services.noticing import note_named
from forums.services.refusing import no_such_post, refuse_closed
from forums.services.showing import change_thread, stand
from forums.services.wording import html_of, taken_text


@transaction.atomic
def edit_post(*, post: Post, by: User, text: str) -> Post:
    """Let ``post`` say ``text``, and keep what it said; one that was returned waits again.

    Where moderators look first, the changed text waits for them, too. Locks the author's account,
    the desk's item and the thread. Publishes ``post.edited``, or ``post.hidden`` where the new text
    has to wait. Idempotent because the same text is no change.
    Raises DomainError("post.not-found" | "post.forbidden" | "thread.closed" | "text.empty" |
    "text.too-long"), and whatever ``look_over`` raises.
    """
    text = taken_text(text)
    hold_account(by)
    hold_item(post)
    post = held_post(post.pk)
    _refuse_unless_editable(post, by)
    use_up_draft(by, f"edit.{post.pk}")
    if text == post.text:
        return post
    category = post.thread.category
    named = people_named(post.thread, text, by)
    verdict = look_over(
        kind=KIND, text=text, author=by, area=category.area, language=get_language(),
        held_by_space=_waits(post, by), pictures=post.pictures.count(), mentions=len(named),
        key=str(post.pk), official=bool(post.office) and may_answer_officially(by, category),
    )  # fmt: skip
    _keep_what_it_said(post, by)
    post.text, post.html = verdict.text, html_of(verdict.text, named)
    post.edited_at = timezone.now()
    post.save(update_fields=["text", "html", "edited_at"])
    new = name_people(post=post, people=named)
    if verdict.standing == Standing.SHOWN:
        note_named(post=post, people=new)
    _tell(post, verdict.standing)
    enter(kind=KIND, key=str(post.pk), author=by, area=category.area, verdict=verdict)
    return post


def _refuse_unless_editable(post: Post, by: User) -> None:
    if post.author_id != by.pk:
        raise no_such_post()
    if post.standing in EDITABLE:
        refuse_closed(post.thread)
    if not may_edit_post(by, post):
        sentence = _("Moderators are looking at this text. It cannot be changed now.")
        raise DomainError("post.forbidden", sentence, next=post.get_absolute_url())


def _waits(post: Post, by: User) -> bool:
    """A returned text goes back to those who returned it; elsewhere the place decides."""
    looked_at_first = post.thread.category.look == Category.Look.BEFORE
    trusted = bool(post.office) or may_tend(by, post.thread.category)
    return post.standing == Standing.RETURNED or (looked_at_first and not trusted)


def _keep_what_it_said(post: Post, by: User) -> None:
    """Of a text that was returned readers are not to find again what it said until then."""
    shown = post.standing == Standing.SHOWN
    if post.standing == Standing.RETURNED:
        post.revisions.filter(shown=True).update(shown=False)
    Revision.objects.create(post=post, text=post.text, by=by, shown=shown)


def _tell(post: Post, standing: str) -> None:
    if post.standing != standing:
        stand(post, Standing(standing))
    elif post.standing == Standing.SHOWN:
        change_thread(post.thread)
        publish(post.thread.topic, "post.edited", post=post.pk)
