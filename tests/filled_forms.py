"""What is typed into each form of the town, so that sending it does what the form is for.

A form of ours without an entry fails ``tests/test_rights.py``; {} is for a button alone.
"""

import base64
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from engage.identity.services.letters import code_for
from tests.filled_town import ELSEWHERE, HERE, Town

SQUARE = '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}'
Fields = dict[str, Any]


def forms_of(town: Town) -> dict[str, Fields]:
    """The fields by the entry of the table; an entry of its own ("name@thing") goes before."""
    return {
        **_of_polls(), **_of_people(town), **_of_the_office(town), **_of_signing(town),
        **_of_moderation(), **_of_the_desk(town), **_of_talk(town),
    }  # fmt: skip


def _of_polls() -> dict[str, Fields]:
    poll = {
        "title": "Which tree?", "description": "", "method": "plurality", "rule": "plurality/1",
        "who": "everyone", "level": "1", "seats": "1", "max_ranks": "5", "batch_min": "5",
        "batch_every_s": "10", "batch_max_delay_s": "120", "key_bits": "2048",
    }  # fmt: skip
    options = {
        "options-TOTAL_FORMS": "1", "options-INITIAL_FORMS": "0", "options-MIN_NUM_FORMS": "0",
        "options-MAX_NUM_FORMS": "100", "options-0-title": "Ash", "options-0-description": "",
    }  # fmt: skip
    return {
        "poll-new": poll | options | {"area": HERE},
        "poll-edit": poll | options | {"area": HERE},
        "markdown-preview": {"description": "**bold**"},
        "poll-deed": {},
        "poll-deed@annul": {"reason": "A mistake in the question."},
        "appearance": {"appearance": "dark", "next": "/polls/"},
    }


def _of_people(town: Town) -> dict[str, Fields]:
    resident = town.people["resident"]
    papers = {"name": "Ann Baker", "born_on": "1980-05-01", "area": HERE}
    return {
        "place-letter": {"name": "Ann Baker", "street": "Mill Lane 2", "postcode": "ED1 1AA"},
        "place-code": {"code": code_for(town.things["author-letter"])},
        "place-give-up": {},
        "you-earlier": {"choice": "move"},
        "you-name": {"name": "Ann"},
        "you-claims": {"level": "2"},
        "you-consents": {"consent": town.things["consent"]},
        "you-erase": {"texts": "keep", "sure": "on"},
        "you-mail": {},
        "mail-stop": {"List-Unsubscribe": "One-Click"},
        "people": {"by": "mail", "mail-email": resident.email},
        "person-new": papers,
        "person-check": papers,
        "claim-take-back": {"reason": "mistake"},
        "assist-begin": {"channel": "phone", "agreed": "on"},
        "assist-ballot": {"act": "cast"},
        "letters-print": {"letters": str(town.things["letter"])},
    }


def _of_the_office(town: Town) -> dict[str, Fields]:
    return {
        "role-give": {
            "email": town.people["resident"].email, "role": "moderator", "area": ELSEWHERE,
        },
        "role-end": {},
        "area-new": {"name": "Weir Lane", "parent": "eddersford"},
        "area-name": {"name": "Mill Bank"},
        "area-boundary": {"geojson": SQUARE},
        "area-remove": {},
        "import-carry-out": {},
        "import-give-up": {},
        "office-town": {
            "name": "Eddersford", "office": "Town Council", "currency": "£", "colour": "#7b1f51",
            "save": "",
        },
        "office-text": {"title": "Privacy", "body": "We keep little.", "after": "1", "publish": ""},
    }  # fmt: skip


def _of_moderation() -> dict[str, Fields]:
    reason = {"title": "It mocks", "rule": "Rule 2", "statement": "Do not mock."}
    return {
        "desk-reason-new": reason | {"code": "mock", "language": "en"},
        "desk-reason": reason,
        "desk-reason-use": {"in_use": "0"},
        "desk-reason-move": {"up": "0"},
        "desk-words": {"word": "bounder", "language": "", "action": "hold", "replacement": ""},
        "desk-words-try": {"try-text": "You cad!", "try-language": "en"},
        "desk-word-remove": {},
        "desk-promise": {"hours": "12"},
        "flag": {"why": "insult", "words": "Line three."},
        "your-decision": {"words": "It was a joke."},
    }


def _of_the_desk(town: Town) -> dict[str, Fields]:
    words = {"verb": "hide", "reason": town.variants["desk-reason"]["pk"], "statement": "No."}
    item = town.variants["desk-together"]["item"]
    return {
        "desk-claim": {},
        "desk-let-go": {},
        "desk-decide": words | {"expected": "held", "place": "", "days": ""},
        "desk-remark": {"text": "As last week."},
        "desk-together": words | {"act": "decide", "item": item, "expected": "1"},
        "desk-appeal": {"overturn": "0", "answer": "It stands."},
        "desk-lift": {},
    }


def _of_talk(town: Town) -> dict[str, Fields]:
    place = {
        "name": "Trees", "slug": "trees", "description": "", "theme": "", "area": HERE,
        "readers": "everyone", "level": "1", "look": "after", "position": "3",
    }  # fmt: skip
    return {
        "thread-new": {"title": "Which tree?", "text": "An ash, I think."},
        "reply": {"text": "A lime."},
        "thread-writing": {},
        "thread-official": {"text": "It will be an ash.", "office": "Parks office"},
        "thread-tend": {"pinned": "on", "slow": "0", "category": town.things["category"]},
        "thread-turn": {"kind": "poll"},
        "thread-follow": {"pace": "weekly"},
        "thread-read": {"number": "1"},
        "post-edit": {"text": "Other words."},
        "post-react": {"kind": "agree"},
        "post-preview": {"text": "**bold**"},
        "draft": {"place": f"thread.{town.things['thread']}", "text": "A beech?"},
        "office-category-new": place,
        "office-category": place,
    }


def _of_signing(town: Town) -> dict[str, Fields]:
    return {
        "account_signup": {"email": "new@town.example"},
        "account_login": {"login": town.people["resident"].email},
        "account_request_login_code": {"email": town.people["resident"].email},
        "account_email": {"email": "newer@town.example", "action_add": ""},
        "account_logout": {},
    }


# What a program sends to a route, rather than a form: the kind of text and the text.
FILE = SimpleUploadedFile("places.csv", b"postcode,area\nED2 2BB,eddersford/millbank\n")
PHOTO = SimpleUploadedFile(
    "bench.png",
    base64.b64decode(
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
        b"RU5ErkJggg=="
    ),
)
PICTURE = {"picture_alt": "A bench", "picture_file": PHOTO}
BODIES = {
    "ballots": ("text/plain", b"not a ballot"),
    "pass": ("application/octet-stream", b"not a blinded message"),
    "imports": (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"file": FILE})),
    "picture-new": (MULTIPART_CONTENT, encode_multipart(BOUNDARY, PICTURE)),
}
FORM = "application/x-www-form-urlencoded"


def body(forms: dict[str, Fields], entry: str) -> tuple[str, bytes]:
    """The kind and the text of what is sent to the route of ``entry``."""
    name = entry.partition("@")[0]
    typed = forms.get(entry, forms.get(name, {}))
    return BODIES.get(name, (FORM, urlencode(typed).encode()))
