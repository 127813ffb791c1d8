"""Every page of the forums and the desk, as those whom it is for meet it on a phone and a desk.

What everybody sees is in ``test_every_page``. Deliberately absent: what the pages do.
"""

import json
import re
from collections.abc import Iterator

import pytest

from tests.journeys.test_every_page import found_in_every_look
from tests.servers import Server, serving

PAGES = {
    "resident": (
        "forum", "category", "thread", "thread-new", "reply", "post-more", "flag", "your-decisions",
        "your-decision", "forum-search", "moderation", "moderation-figures", "moderation-limits",
    ),
    "author": ("thread", "post-more", "post-edit", "post-history", "your-forum", "drafts"),
    "organiser-here": ("thread-tend", "thread-official", "thread-turn"),
    "moderator-here": (
        "thread", "post-more", "thread-tend", "desk", "desk-item", "desk-appeals", "desk-appeal",
        "desk-person",
    ),
    "administrator": (
        "desk-reasons", "desk-reason-new", "desk-reason", "desk-words",
        "desk-promise", "office-categories", "office-category-new", "office-category",
    ),
}  # fmt: skip
FILL = """
import json
from engage.moderation.models import Reason, Word
from engage.web.models import Text
from tests.filled_town import filled, routes
for model in (Reason, Word, Text):
    model.objects.all().delete()  # what a new town brings; the filled one has its own
town = filled()
found = {{r.name: town.path(r) for r in routes() if r.name in {names!r}}}
sessions = {{who: town.clients[who].cookies["sessionid"].value for who in {people!r}}}
print("filled", json.dumps({{"paths": found, "sessions": sessions}}))
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, dict]]]:
    """A town with all there can be: its site, where the pages are, each person's session."""
    names = {name for pages in PAGES.values() for name in pages}
    server = Server(tmp_path_factory.mktemp("people"))
    fill = ["shell", "-c", FILL.format(names=names, people=list(PAGES))]
    with serving(server, fill) as printed:
        yield server.site, json.loads(re.search(r"filled (\{.*\})", printed[0])[1])


@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_and_nothing_is_too_wide(someone, town, who):
    page = someone(bypass_csp=True)
    site, filled = town
    session = {"name": "sessionid", "value": filled["sessions"][who], "url": site}
    page.context.add_cookies([session])
    wrong = {}
    for name in PAGES[who]:
        answer = page.goto(site + filled["paths"][name], wait_until="load")
        assert answer.status == 200, name
        if found := found_in_every_look(page):
            wrong[name] = found
    assert wrong == {}
