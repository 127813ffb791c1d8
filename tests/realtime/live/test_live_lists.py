"""What ``parts.js`` does to a list that grows while somebody reads: nothing in sight moves."""

import random

import pytest
from playwright.sync_api import Page, expect

from tests.realtime.live.town import PATIENCE_S, Town, arrive, forward

pytestmark = pytest.mark.browser

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Thread</title>
<link rel="icon" href="data:,">
<main data-topic="poll.7" data-since="{since}"><h1 id="head">Thread</h1>
<p class="conn conn--away" data-live-text="Live" data-away-text="Catching up"
 data-paused-text="Paused" data-off-text="No connection"></p>
<p id="writing" data-live-writing hidden>Somebody is writing</p>
<p data-live="changed" hidden>This has changed.</p>
"""
LIST = '<ol id="posts" data-live-list data-live-hold data-after="{after}"{until}>{posts}</ol>'
FOOT = """<button type="button" data-live-waiting{words} hidden></button>
<form><label>Words <textarea id="words"></textarea></label></form></main>
<p id="status" role="status"></p>
<script type="module" src="/static/engage/live.js"></script></html>"""

WORDS = ' data-n1="{{n}} new post" data-n2="{{n}} new posts" data-n5="{{n}} new posts"'


def order(root: int, number: int | None = None) -> str:
    return f"{root:08}.{number or root:08}"


def post(root: int, number: int | None = None, text: str = "", lines: int = 6) -> str:
    """A post as tall as ``lines``; it is number ``root`` unless it is a reply to that."""
    name, place = number or root, order(root, number)
    words = f"{text or f'Post {name}'}{'<br>…' * (lines - 1)}"
    return (
        f'<li id="post-{name}" data-live-into="posts" data-order="{place}"><p>{words}</p>'
        f'<button formaction="/react/{name}" value="a">React</button></li>'
    )


def page(posts: str, after: str = order(0), until: str = "") -> str:
    bound = f' data-until="{until}"' if until else ""
    whole = HEAD + LIST.replace("{after}", after).replace("{until}", bound)
    return whole.replace("{posts}", posts) + FOOT.replace("{words}", WORDS)


TWELVE = "".join(post(10 * n) for n in range(1, 13))


@pytest.fixture
def town():
    town = Town(page(TWELVE))
    yield town
    town.stop()


@pytest.fixture
def thread(visit, town) -> Page:
    opened = visit()
    assert town.arrived.acquire(timeout=PATIENCE_S)
    expect(opened.locator(".conn")).to_have_text("Live")
    return opened


def top(opened: Page, name: int | str) -> float:
    selector = f"#post-{name}" if isinstance(name, int) else name
    return opened.locator(selector).evaluate("(it) => it.getBoundingClientRect().top")


def read(opened: Page, name: int) -> float:
    """Scroll so that a post begins somewhere on the screen; where that is."""
    opened.locator(f"#post-{name}").evaluate("(it) => it.scrollIntoView()")
    opened.evaluate("scrollBy(0, -37)")
    return top(opened, name)


def shown(opened: Page) -> list[str]:
    return opened.locator("#posts > li:not([hidden])").evaluate_all("all => all.map((it) => it.id)")


def whole(opened: Page) -> list[str]:
    return opened.locator("#posts > li").evaluate_all("all => all.map((it) => it.dataset.order)")


def pill(opened: Page):
    return opened.locator("[data-live-waiting]")


def test_what_is_new_below_waits_behind_a_button_while_one_reads_above(thread, town):
    before = read(thread, 60)
    for number in range(130, 180, 10):
        town.happen("post.added", post(number))
    expect(pill(thread)).to_have_text("5 new posts")
    expect(pill(thread)).to_be_visible()
    assert top(thread, 60) == before
    assert len(shown(thread)) == 12
    pill(thread).click()
    expect(pill(thread)).to_be_hidden()
    assert shown(thread)[-5:] == [f"post-{n}" for n in range(130, 180, 10)]
    assert thread.evaluate("document.activeElement.id") == "post-130"
    assert abs(top(thread, 130)) < 1


def test_what_is_new_above_waits_as_well_and_nothing_moves(thread, town):
    before = read(thread, 60)
    for number in range(121, 126):
        town.happen("post.added", post(20, number))
    expect(pill(thread)).to_have_text("5 new posts")
    assert top(thread, 60) == before
    assert whole(thread)[2:7] == [order(20, number) for number in range(121, 126)]


def test_at_the_end_what_is_new_is_shown_until_the_screen_is_full(thread, town):
    thread.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = top(thread, 120)
    town.happen("post.added", post(130))
    expect(thread.locator("#post-130")).to_be_visible()
    assert top(thread, 120) == before
    expect(pill(thread)).to_be_hidden()
    for number in range(140, 240, 10):
        town.happen("post.added", post(number))
    expect(pill(thread)).to_be_visible()
    assert top(thread, 120) == before
    already = len(shown(thread))
    thread.evaluate("scrollTo(0, document.body.scrollHeight)")
    forward(thread, 2)
    assert already < len(shown(thread)) < 23


def test_nobody_who_writes_is_pushed_down(thread, town):
    thread.locator("#words").focus()
    before = top(thread, "#words")
    town.happen("post.added", post(130))
    expect(pill(thread)).to_have_text("1 new post")
    forward(thread, 2)
    assert len(shown(thread)) == 12
    assert pill(thread).is_visible()
    assert top(thread, "#words") - before < 40, "no more than the button's own line"
    thread.locator("#words").blur()
    forward(thread, 2)
    expect(thread.locator("#post-130")).to_be_visible()


@pytest.mark.parametrize("lines", [1, 40])
def test_what_changes_above_the_screen_moves_nothing_on_it(thread, town, lines):
    before = read(thread, 60)
    town.happen("post.edited", post(20, text="Edited", lines=lines))
    expect(thread.locator("#post-20")).to_contain_text("Edited")
    assert abs(top(thread, 60) - before) < 0.5
    town.happen("post.removed", '<li id="post-30" data-live-gone></li>')
    expect(thread.locator("#post-30")).to_have_count(0)
    assert abs(top(thread, 60) - before) < 0.5


def test_what_changes_above_moves_nothing_of_the_form_either(thread, town):
    thread.set_viewport_size({"width": 500, "height": 120})
    thread.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = top(thread, "#words")
    town.happen("post.edited", post(20, text="Edited", lines=30))
    expect(thread.locator("#post-20")).to_contain_text("Edited")
    assert abs(top(thread, "#words") - before) < 0.5


def test_one_that_waits_and_is_changed_waits_on(thread, town):
    read(thread, 30)
    town.happen("post.added", post(130))
    expect(pill(thread)).to_be_visible()
    town.happen("post.edited", post(130, text="Edited"))
    expect(thread.locator("#post-130")).to_contain_text("Edited")
    assert len(shown(thread)) == 12
    expect(pill(thread)).to_have_text("1 new post")


@pytest.mark.parametrize(("root", "number"), [(10, 125), (40, None), (20, 120)])
def test_what_belongs_to_another_page_of_the_list_is_left_out(visit, town, root, number):
    posts = "".join(post(n) for n in (20, 30))
    town.html = page(posts, after=order(20, 19), until=order(40))
    opened = visit()
    expect(opened.locator(".conn")).to_have_text("Live")
    town.happen("post.added", post(root, number))
    town.happen("post.added", post(30, 130))
    expect(opened.locator("#post-130")).to_have_count(1)
    inside = order(20, 19) < order(root, number) < order(40)
    assert opened.locator(f"#post-{number or root}").count() == inside
    expect(opened.locator("[data-live=changed]")).to_be_hidden()


def test_focus_stays_on_the_button_that_is_drawn_anew(thread, town):
    thread.locator("#post-20 button").focus()
    town.happen("post.edited", post(20, text="Edited"))
    expect(thread.locator("#post-20")).to_contain_text("Edited")
    assert thread.evaluate("document.activeElement.formAction").endswith("/react/20")


@pytest.mark.parametrize("focused", [True, False])
def test_what_is_chosen_stays_chosen_and_in_focus(thread, town, focused):
    box = '<input type="checkbox" name="item" value="20">'
    thread.evaluate("box => document.querySelector('#post-20 p').innerHTML = box", box)
    thread.locator("#post-20 input").check()
    if not focused:
        thread.locator("#post-20 input").blur()
    town.happen("item.claimed", post(20, text=f"Claimed {box}"))
    expect(thread.locator("#post-20")).to_contain_text("Claimed")
    assert thread.locator("#post-20 input").is_checked()
    assert thread.evaluate("document.activeElement.name === 'item'") == focused


def test_what_stands_in_the_way_of_news_does_so_only_for_a_while(thread, town):
    """A link with the focus that the new text does not have any more."""
    thread.evaluate("document.querySelector('#post-20 p').innerHTML = '<a href=\"#x\">x</a>'")
    thread.locator("#post-20 a").focus()
    town.happen("post.edited", post(20, text="Edited"))
    expect(thread.locator("[data-live=changed]")).to_be_visible()
    assert "Edited" not in thread.locator("#post-20").text_content()
    thread.locator("#post-20 a").blur()
    forward(thread, 2)
    expect(thread.locator("#post-20")).to_contain_text("Edited")


def test_the_status_region_says_once_how_many_came(thread, town):
    thread.evaluate("""
        said = [];
        new MutationObserver(() => said.push(document.getElementById("status").textContent))
          .observe(document.getElementById("status"), {childList: true});
    """)
    read(thread, 30)
    for number in range(130, 180, 10):
        town.happen("post.added", post(number))
    expect(pill(thread)).to_have_text("5 new posts")
    forward(thread, 6)
    town.wait(lambda: len(thread.evaluate("said")) == 2)
    assert thread.evaluate("said") == ["1 new post", "4 new posts"]


def test_that_somebody_writes_is_shown_for_a_while_and_not_to_oneself(thread, town):
    line = thread.locator("#writing")
    town.say(g="writing", v=1, d={"somebody": 1})
    expect(line).to_be_visible()
    town.happen("post.edited", post(20, text="Edited"))
    forward(thread, 9)
    expect(line).to_be_hidden()
    town.say(g="writing", v=2, d={"somebody": 1})
    expect(line).to_be_visible()
    town.say(g="writing", v=3, d={"somebody": 0})
    expect(line).to_be_hidden()
    thread.locator("#words").press_sequentially("a")
    town.say(g="writing", v=4, d={"somebody": 1})
    arrive(thread)
    expect(line).to_be_hidden()


def test_a_fact_without_html_fetches_what_the_list_lacks(thread, town):
    """What is gone meanwhile goes; what is read stays where it is."""
    before = read(thread, 60)
    town.html = page(TWELVE.replace(post(30), "") + post(130))
    town.happen("post.added")
    expect(thread.locator(".conn")).to_have_text("Catching up")
    forward(thread, 6)
    expect(pill(thread)).to_have_text("1 new post")
    expect(thread.locator("#post-30")).to_have_count(0)
    assert abs(top(thread, 60) - before) < 0.5
    forward(thread, 1)
    expect(thread.locator(".conn")).to_have_text("Live")


def test_a_page_that_was_left_far_behind_ends_where_the_fetched_one_ends(thread, town):
    """What comes after it is on the next page, and nothing seems to be the end that is not."""
    town.html = page(TWELVE.replace(post(120), post(115) + post(120)), until=order(120, 120) + "x")
    town.since = 500
    town.say(reset=True, at=500)
    forward(thread, 6)
    expect(thread.locator("#post-115")).to_have_count(1)
    town.happen("post.added", post(900))
    town.happen("post.added", post(110, 901))
    expect(thread.locator("#post-901")).to_have_count(1)
    assert thread.locator("#post-900").count() == 0


@pytest.mark.adversary("B1", "B3")
@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_way_they_come_the_list_ends_in_order(thread, town, seed):
    chance, send, held = random.Random(seed), town.send, []

    def spoil(message):
        if chance.random() < 0.2:
            return None  # lost
        if chance.random() < 0.2:
            return held.append(message)  # late
        for each in [message, *held]:
            send(each)
            if chance.random() < 0.2:
                send(each)
        return held.clear()

    town.send = spoil
    for number in range(130, 170):
        town.happen(
            "post.added", post(chance.choice([10 * chance.randrange(1, 13), number]), number)
        )
    town.send = send
    town.say(at=town.since)
    expect(thread.locator("#posts > li")).to_have_count(52)
    assert whole(thread) == sorted(whole(thread))
    thread.wait_for_function("!document.querySelector('[data-live-waiting]').hidden")
    pill(thread).click()
    assert len(shown(thread)) == 52
