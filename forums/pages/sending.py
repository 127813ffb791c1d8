"""What a form for writing tells its script: who writes here, and which forms have arrived.

A browser keeps what is typed, is used by several people, and cannot know what became of a form.
Deliberately absent: any text; the numbers of forms say nothing of it.
"""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from engage.identity.rules import Person

SENT = "sent"
MOST_SENT = 5
LONGEST_MARK, LONGEST_NUMBER = 16, 36


def mark_of(person: Person) -> str:
    """What a browser tells the texts of people apart by; it says nothing of who they are."""
    return salted_hmac("forums.writing", str(person.pk)).hexdigest()[:LONGEST_MARK]


def form_arrived(request: HttpRequest) -> None:
    """Remember the number of the form that was sent: its browser need not keep the text."""
    if number := request.POST.get("attempt", "")[:LONGEST_NUMBER]:
        request.session[SENT] = [*forms_sent(request), number][-MOST_SENT:]


def forms_sent(request: HttpRequest) -> list[str]:
    """The numbers of the last forms that arrived, the newest last."""
    return request.session.get(SENT, [])
