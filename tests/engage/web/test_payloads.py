"""Whatever stands as the town's name, office or text is shown as words, never as a page."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.core.cache import cache

from engage.identity.models import Area, User
from engage.web import town as towns
from engage.web.markdown import TAGS, to_html
from engage.web.models import Text
from tests.paths import shared
from tests.voting import polls

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("own_town"),
    pytest.mark.adversary("E1"),
]

OWN = [
    "<script>alert(1)</script>", '"><svg onload=alert(1)>', "'><img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>", "{{ 7*7 }}{% load x %}", "%(name)s %s {0}", "&lt;b&gt;",
    "[a](javascript:alert(1))", "[a](//evil.example)", "[a](/\\evil.example)",
    "[a](data:text/html,<b>)", "[a](\u2028javascript:alert(1))", "![a](https://evil.example/p.png)",
    "<https://evil.example>", "[a]: javascript:alert(1)\n\n[a]", "\u202egnp.exe", "a\u0301" * 300,
]  # fmt: skip
SAFE_LINK = re.compile(r"https?://[a-z0-9]|mailto:|/(?![/\\])|#", re.I)


@pytest.fixture(scope="module")
def payloads():
    """Our own, and every one of the corpora."""
    bleach = sorted(shared("attacks", "bleach", "data").glob("*.test"))
    ammonia = json.loads(
        shared("attacks", "ammonia", "ammonia-3.2.1-test-strings.json").read_text()
    )
    found = [
        *OWN,
        *json.loads(shared("attacks", "blns", "blns.json").read_text()),
        *[text for case in ammonia for text in case["strings"]],
        *[path.read_text().split("\n--\n")[0] for path in bleach],
    ]
    return sorted({text for text in found if text.strip() and "\x00" not in text})


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and the text of its title."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.links = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, tuple(name for name, _ in attributes)))
        self.links += [value or "" for name, value in attributes if name in {"href", "src"}]


def set_up(name, office="Office", texts=None):
    """The town as if it had been saved so, past every form."""
    town = {"name": name, "office": office, "colour": "#7b1f51", "currency": office[:4]}
    cache.set(towns.KEY, {"town": town, "texts": texts or {}}, 60)
    towns._Memory.until = float("-inf")


def page(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_town_s_name_office_and_titles_are_words_on_every_page(client, payloads):
    set_up("Town", "Office", {"privacy": {"en": "Privacy"}})
    plain = Skeleton(page(client, "/help/voting/"))
    for payload in payloads:
        set_up(payload[:60], payload[:120], {"privacy": {"en": payload[:100]}})
        shown = Skeleton(page(client, "/help/voting/"))
        assert shown.elements == plain.elements, payload
        assert shown.links == plain.links, payload


def test_in_the_office_too(client, payloads):
    client.force_login(polls.person("administrator"))
    set_up("Town")
    plain = Skeleton(page(client, "/office/town/"))
    for payload in payloads[::7]:
        set_up(payload[:60], payload[:120])
        shown = Skeleton(page(client, "/office/town/"))
        assert [tag for tag, _ in shown.elements] == [tag for tag, _ in plain.elements], payload


@pytest.mark.adversary("E5")
def test_a_title_is_words_and_a_text_only_what_markdown_makes(client, payloads):
    text = Text.objects.create(slug="privacy", language="en", version=1, title="x", body="x")
    plain = Skeleton(page(client, "/pages/privacy/"))
    for payload in payloads[::3]:
        Text.objects.filter(pk=text.pk).update(title=payload[:100], body=payload)
        shown = Skeleton(page(client, "/pages/privacy/"))
        rest = list(shown.elements)
        for element in plain.elements:
            if element != ("p", ()):
                rest.remove(element)
        assert {tag for tag, _ in rest} <= TAGS, payload
        assert {names for _, names in rest} <= {(), ("href", "rel")}, payload
        for link in set(shown.links) - set(plain.links):
            assert SAFE_LINK.match(link), payload


@pytest.mark.adversary("E7")
def test_links_lead_by_https_mail_or_to_ourselves_alone(payloads):
    for payload in payloads:
        for source in (payload, f"[x]({payload})", f"[x](<{payload}>)", f"[x]\n\n[x]: {payload}"):
            for link in Skeleton(to_html(source, top=2)).links:
                assert SAFE_LINK.match(link), source


def test_a_preview_is_as_safe_as_the_page(client, payloads):
    client.force_login(polls.person("administrator"))
    for payload in payloads[::15]:
        typed = {"title": "x", "body": payload, "after": "0", "preview": "1"}
        html = client.post("/office/texts/privacy/en/", typed, headers={"Accept": "text/html"})
        inside = html.content.decode().split('<div class="sheet prose"')[-1].split("</section>")[0]
        assert {tag for tag, _ in Skeleton("<div" + inside).elements} <= TAGS | {"div"}, payload
        assert not re.search(
            r"<script|\son\w+=|javascript:", re.sub(r"&[^;]*;|>[^<]*<", "", inside)
        )


def test_a_mail_stays_a_mail(client, payloads):
    for payload in payloads[::20]:
        client.cookies.clear()
        if not payload.isprintable():
            continue  # the form refuses it
        set_up(payload[:60], payload[:120])
        client.post("/accounts/login/", {"login": f"{len(mail.outbox)}@town.example"})
        message = mail.outbox[-1]
        assert payload[:60].strip() in message.subject
        assert message.alternatives == []
        assert message.message()["Subject"]


def test_an_area_s_name_is_words_among_the_tables(client, payloads):
    client.force_login(User.objects.create_superuser("op@town.example"))
    area = Area.objects.create(path="town", name="Town", kind="city")
    plain = Skeleton(page(client, "/admin/identity/area/"))
    for payload in payloads[::10]:
        Area.objects.filter(pk=area.pk).update(name=payload[:100])
        for path in ("/admin/identity/area/", "/office/"):
            html = page(client, path)
            if path.startswith("/admin"):
                assert Skeleton(html).elements == plain.elements, payload
            assert "<script>alert" not in html
