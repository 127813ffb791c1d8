"""Every attack as everything that is written, before a real browser: nothing runs, nothing leaves.

Deliberately absent: what the pages look like otherwise; and the traps (``traps``).
"""

import json
import re
from collections.abc import Iterator
from email import message_from_string
from email.policy import default
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests import payload_screens, payloads
from tests.journeys.traps import Trapped
from tests.journeys.weather import expect_live
from tests.servers import Server, serving

pytestmark = [
    pytest.mark.adversary("E1"),
    pytest.mark.adversary("E2"),
    pytest.mark.adversary("E3"),
    pytest.mark.adversary("E6"),
    pytest.mark.adversary("E9"),
    pytest.mark.timeout(420),
]
FILL = """
from tests import payload_mails, payload_town as town
filled = town.fill()
print(town.told(filled | {"mails": payload_mails.send(filled)}))
"""
POST = """
from engage.identity.models import User
from engage.moderation.services.flagging import flag_text
from forums.models import Thread
from tests import payloads
from tests.forums import forum
author = User.objects.get(email="{author}@town.example")
thread = Thread.objects.get(pk={thread})
forum.post(thread, author, text="\\n\\n".join(payloads.OWN))
flag_text(kind="post", key="{flagged}", by=author, why="other", words=payloads.OWN[0])
"""
PLANT = """
from engage.identity.models import User
from forums.models import Category, Post
from tests import payload_town as town
from tests.forums import forum
inner = Category.objects.create(slug="inner", name="Inner", readers="account")
thread = forum.thread(inner, User.objects.get(pk="{anna}"))
Post.objects.filter(thread=thread).update(html="<p>{html}</p>")
print(town.told({{"planted": thread.pk}}))
"""
DANGERS = (
    "<script>window.__pwned=1</script>", "<img src=/x onerror=alert(1)>", "<b hx-get=/>x</b>",
    "<img src=https://evil.example/p.png>", "<a href='java&#10;script:x'>x</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<svg onload=alert(1)>", "<iframe srcdoc=x></iframe>", "<form name=createElement></form>",
    "<link rel=stylesheet href=//evil.example/a.css>",
)  # fmt: skip
TOGETHER = """keys => {
  const form = document.getElementById("together");
  for (const value of keys) {
    const field = document.createElement("input");
    form.append(Object.assign(field, { type: "hidden", name: "item", value }));
  }
}"""
AT_ONCE, MAILS_AT_ONCE = 200, 20


def told(printed: str) -> dict:
    return json.loads(re.search(r"filled (\{.*\})", printed)[1])


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("payloads"))
    with serving(server, ["shell", "-c", FILL]) as printed:
        server.filled = told(printed[0])
        yield server


@pytest.fixture(scope="module")
def filled(town: Server) -> dict:
    return town.filled


@pytest.fixture
def visit(town: Server, someone, filled):
    opened: dict[str, Trapped] = {}

    def visitor(who: str) -> Trapped:
        if who not in opened:
            page = someone()
            if who:
                cookie = {"name": "sessionid", "value": filled[who], "url": town.site}
                page.context.add_cookies([cookie])
            opened[who] = Trapped(page, (town.site, town.booth))
        return opened[who]

    return visitor


@pytest.mark.parametrize("danger", DANGERS)
def test_the_traps_catch_what_they_are_for(visit, danger):
    trapped = visit("")
    with pytest.raises(AssertionError):
        trapped.look_unprotected(f"<!doctype html><p>{danger}</p>")
    assert trapped.caught


def test_the_traps_catch_what_a_sanitiser_let_through(town, filled, visit):
    html = "<img src=x onerror=window.__pwned=1>"
    plant = PLANT.format(html=html, anna=filled["anna-key"])
    thread, trapped = told(town.manage("shell", "-c", plant))["planted"], visit("anna")
    with pytest.raises(AssertionError):
        trapped.look(f"{town.site}/threads/{thread}/")
    assert any("script-src" in each for each in trapped.caught), trapped.caught
    assert "ran" not in trapped.caught  # the policy is the second wall


def test_no_attack_does_anything_on_any_screen(town, filled, visit):
    for who, path in payload_screens.screens(filled):
        if path.endswith("feed/"):
            continue
        trapped, address = visit(who), f"{town.site}{path}"
        while address:
            answer = trapped.page.goto(address, wait_until="load")
            assert answer.status == 200, (who, address)
            trapped.seen(f"{who} {address}")
            following = trapped.page.locator("a[rel=next]")
            address = following.count() and following.first.evaluate("link => link.href")


def test_no_attack_does_anything_in_a_feed(town, filled, visit):
    trapped = visit("")
    for _who, path in payload_screens.screens(filled):
        if not path.endswith("feed/"):
            continue
        answer = trapped.page.request.get(town.site + path)
        assert answer.headers["content-type"].startswith("application/atom+xml")
        trapped.look_unprotected(answer.text(), "application/xml", path)
        contents = ElementTree.fromstring(answer.body()).iterfind(".//{*}content")
        trapped.look_unprotected("<hr>".join(each.text for each in contents), where=path)


def test_no_attack_does_anything_in_a_mail(town, filled, visit):
    trapped, sent = visit(""), "".join(town.mails()).split(f"\n{'-' * 79}\n")
    messages = [message_from_string(mail, policy=default) for mail in sent if mail]
    assert len(messages) == filled["mails"]
    for message in messages:
        assert set(message.keys()) <= {
            "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID",
            "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post",
        }  # fmt: skip
        assert message["To"].addresses[0].domain == "town.example" and message["Subject"]
    bodies = [message.get_body(("html",)) for message in messages]
    pages = [body.get_content() for body in bodies if body]
    for start in range(0, len(pages), MAILS_AT_ONCE):
        trapped.look_unprotected("\n".join(pages[start : start + MAILS_AT_ONCE]))
    texts = [message.get_body(("plain",)).get_content() for message in messages]
    trapped.look_unprotected("\n".join(texts), "text/plain")


def test_no_attack_does_anything_in_an_address_a_search_or_a_preview(town, filled, visit):
    site, stranger, trapped = town.site, visit(""), visit("anna")
    for text in payloads.OWN[::3]:
        stranger.look(f"{site}/forum/search/?q={quote(text)}")
    for text in payloads.OWN[::8]:
        stranger.look(f"{site}/{quote(text, safe='')}")
    trapped.look(f"{site}/forum/{filled['place']}/new/")
    box = trapped.page.locator("textarea[name=text]")
    for batch in payloads.packed([f"{text}\n\n" for text in payloads.attacks()], 5_000):
        box.fill(batch)
        with trapped.page.expect_response("**/forum/preview/"):
            trapped.page.locator("[data-preview-button]").click()
        trapped.page.wait_for_timeout(100)
        trapped.seen(f"preview {batch}")


def test_no_attack_does_anything_when_it_is_decided_on_with_others(town, filled, visit):
    desk, items = visit("mora"), filled["items"]
    for start in range(0, len(items), AT_ONCE):
        desk.look(f"{town.site}/desk/")
        desk.page.evaluate(TOGETHER, [str(key) for key in items[start : start + AT_ONCE]])
        desk.page.locator("#together button").click()
        desk.page.wait_for_url("**/desk/together/", wait_until="load")
        assert desk.page.locator("[name=item]").count() == len(items[start : start + AT_ONCE])
        desk.seen(f"together {start}")


def test_no_attack_does_anything_when_it_arrives_live(town, filled, visit):
    reader, desk = visit(""), visit("mora")
    reader.look(f"{town.site}/threads/{filled['thread']}/?before=end")
    desk.look(f"{town.site}/desk/")
    for each in (reader, desk):
        expect_live(each.page)
    before = reader.page.locator("#posts > li").count()
    rows = desk.page.locator("#queue > li").first.inner_text()
    keys = {"thread": filled["thread"], "flagged": filled["first"], "author": "a90"}
    town.manage("shell", "-c", POST.format(**keys))
    reader.page.wait_for_function(
        "before => document.querySelectorAll('#posts > li').length > before", arg=before
    )
    desk.page.wait_for_function(
        "rows => document.querySelector('#queue > li').innerText !== rows", arg=rows
    )
    reader.seen("live")
    desk.seen("live desk")


def test_text_is_shown_as_it_was_typed(town, filled, visit):
    shown = {"": "/forum/", "mora": f"/desk/{filled['items'][0]}/"}
    for (who, path), most in zip(shown.items(), (80, 200), strict=True):
        trapped = visit(who)
        trapped.look(f"{town.site}{path}")
        page = trapped.page.evaluate("() => document.querySelector('main').textContent")
        words = " ".join(page.split())
        for typed in payloads.packed(payloads.attacks(), most):
            assert " ".join(typed.split()) in words, typed
