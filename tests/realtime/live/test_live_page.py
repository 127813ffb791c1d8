"""What ``live.js`` makes of messages: old page + messages = fresh page, and nothing else moves."""

import random
import re

import pytest
from playwright.sync_api import Page, expect

from tests.realtime.live.town import TOPIC, Town, arrive, forward, wait_for_socket

pytestmark = pytest.mark.browser


def keep_facts(opened: Page) -> None:
    opened.evaluate("seen = []; document.addEventListener('fact', (e) => seen.push(e.detail.kind))")


CROWD = """async () => {
    const { Topic } = await import("/static/engage/topic.js");
    const pages = Array.from({ length: 5_000 }, () => new Topic("poll.8"));
    const asked = [];
    fetch = async () => { asked.push(asked.pop() + 1); throw Error("Nothing for you.") };
    for (const page of pages) page.changes = 1;
    for (let second = 0; second < 24; second += 1) {
        asked.push(0);
        for (const page of pages) page.beat(false);
        await Promise.all(pages.map(async (page) => { while (page.fetching) await null; }));
    }
    return asked;
}"""


def see(opened: Page, state: str) -> None:
    opened.evaluate(
        """(state) => {
            Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def fetched(opened: Page, town: Town, times: int) -> None:
    """Until the page was fetched so often; its socket speaks all the while."""
    for _second in range(40):
        forward(opened, 1)
        town.show(3, 10)
        arrive(opened)
        if town.loads == times:
            return
    pytest.fail("The page is not fetched any more.")


def test_numbers_lengths_and_dots_move_in_place(live, town):
    town.show(9, 1234, a=400, b=800)
    expect(live.locator("#ballots")).to_have_text("1,234")
    expect(live.locator("#size")).to_have_text("9")
    expect(live.locator("[data-live-number=b]")).to_have_text("800")
    expect(live.locator("[data-live-bar=b]")).to_have_attribute("width", "64.8%")
    expect(live.locator("svg.bar").nth(0)).to_have_class("bar")
    expect(live.locator("svg.bar").nth(1)).to_have_class("bar bar--lead")
    town.show(10, 12, a=4, b=4)
    expect(live.locator("#percent")).to_have_text("12")
    expect(live.locator(".gauge")).to_have_attribute("aria-label", "Of 100 people 12 have voted")
    dots = "M.5 0.5h2.01M.5 1.5h2.01M.5 2.5h1.01M.5 3.5h1.01M.5 4.5h1.01"
    expect(live.locator(".on")).to_have_attribute("d", dots)


def test_a_reading_that_comes_late_is_ignored(live, town):
    town.show(9, 20)
    town.show(4, 11)
    town.show(2, 9)
    town.happen("poll.noted")
    expect(live.locator("[data-live=changed]")).to_be_visible()
    expect(live.locator("#ballots")).to_have_text("20")


def test_a_fact_shows_its_line_and_fetches_what_is_no_form(live, town):
    live.locator("#words").fill("half a thought")
    town.part = "after"
    town.happen("poll.opened")
    expect(live.locator("[data-live=changed]")).to_be_visible()
    expect(live.locator("#part")).to_have_text("after")
    town.happen("poll.closed")
    expect(live.get_by_text("This poll has closed.").first).to_be_visible()
    expect(live.locator("[data-live=changed]")).to_be_hidden()
    assert live.locator("#words").input_value() == "half a thought"
    expect(live.locator("#status")).to_contain_text("This poll has closed. Show the result")


@pytest.mark.adversary("B13")
@pytest.mark.parametrize("instead", ["broken", "signed_out"])
def test_a_page_that_could_not_be_fetched_is_fetched_again(live, town, instead):
    town.part = "after"
    setattr(town, instead, True)
    town.happen("poll.opened")
    expect(live.locator("[data-live=changed]")).to_be_visible()
    expect(live.locator(".conn")).to_have_text("Catching up", timeout=5_000)
    fetched(live, town, 3)
    assert live.locator(".conn").text_content() == "Catching up"
    expect(live.locator("#part")).to_have_text("before")
    setattr(town, instead, False)
    fetched(live, town, 4)
    expect(live.locator("#part")).to_have_text("after")
    expect(live.locator(".conn")).to_have_text("Live")


def test_a_page_that_is_not_in_sight_is_fetched_once_it_is(visit, town):
    opened = visit(chance=0)
    expect(opened.locator(".conn")).to_have_text("Live")
    see(opened, "hidden")
    town.happen("poll.opened")
    expect(opened.locator("[data-live=changed]")).to_be_visible()
    forward(opened, 10)
    arrive(opened)
    assert town.loads == 1
    see(opened, "visible")
    town.wait(lambda: town.loads == 2)


@pytest.mark.adversary("B3")
@pytest.mark.parametrize(("chance", "seconds"), [(0, 1), (0.5, 3), (0.99, 5)])
def test_pages_fetch_themselves_when_their_turn_comes(visit, town, chance, seconds):
    opened = visit(chance)
    expect(opened.locator(".conn")).to_have_text("Live")
    opened.clock.pause_at(opened.evaluate("Date.now()") / 1000 + 2)
    town.happen("poll.opened")
    expect(opened.locator("[data-live=changed]")).to_be_visible()
    forward(opened, seconds - 1)
    arrive(opened)
    assert town.loads == 1
    forward(opened, 1)
    town.wait(lambda: town.loads == 2)


@pytest.mark.adversary("B3", "G8")
def test_five_thousand_pages_do_not_ask_in_one_second(live):
    """Neither for the first time nor again while the town gives them nothing."""
    asked = live.evaluate(CROWD)
    assert sum(asked[:5]) == 5_000
    assert sum(asked[5:11]) == 0
    assert sum(asked[11:24]) == 5_000
    assert max(asked) < 1_250


def test_html_that_comes_along_needs_no_fetch(live, town):
    keep_facts(live)
    town.show(9, 20)
    town.happen("poll.noted", '<section id="part">8 <b data-live="ballots">8</b></section>')
    expect(live.locator("#part b")).to_have_text("20")  # the newest reading, not the html's
    town.happen("poll.noted", '<section id="part">9</section><p id="elsewhere">no</p>')
    expect(live.locator("#part")).to_have_text("9")
    town.wait(lambda: live.evaluate("seen.length === 2"))
    expect(live.locator("#elsewhere")).to_have_count(0)
    expect(live.locator("[data-live=changed]")).to_be_hidden()
    expect(live.locator("#status")).to_have_text("")
    forward(live, 3)
    assert town.loads == 1


@pytest.mark.parametrize("inside", ["<form></form>", "<iframe title='x'></iframe>", "<a href='#'>"])
def test_html_never_replaces_what_somebody_uses(live, town, inside):
    live.evaluate("(inside) => document.getElementById('part').innerHTML = inside", inside)
    if inside.startswith("<a"):
        live.locator("#part a").focus()
    before = live.locator("#part").inner_html()
    words = '<section id="ballot">gone</section><section id="part">gone</section>'
    town.happen("poll.noted", words)
    expect(live.locator("[data-live=changed]")).to_be_visible()
    assert live.locator("#part").inner_html() == before
    expect(live.locator("#words")).to_be_visible()


@pytest.mark.adversary("B1")
def test_the_same_fact_twice_is_told_once_and_a_gap_is_noticed(live, town):
    keep_facts(live)
    for number in (5, 6, 6, 9, 10, 7, 8):
        town.say(n=number, k=f"post.{'abcdefghijk'[number]}", d={})
    town.wait(lambda: live.evaluate("seen.length === 3"))
    assert live.evaluate("seen") == ["post.g", "post.h", "post.i"]
    town.say(at=10)
    town.wait(lambda: len(town.heard) == 2)
    assert town.heard == [{"seen": f"{TOPIC}:6"}, {"seen": f"{TOPIC}:8"}]


def test_a_reset_fetches_the_page_and_goes_on_from_there(live, town):
    town.part, town.since = "after", 200
    town.say(reset=True, at=200)
    expect(live.locator("#part")).to_have_text("after")
    expect(live.locator("[data-live=changed]")).to_be_visible()
    town.close(1001)
    wait_for_socket(live, town)
    assert town.asked[-1] == f"{TOPIC}:200"


@pytest.mark.parametrize("seed", range(5))
def test_lost_doubled_and_swapped_messages_leave_no_trace(live, town, seed):
    """The law: whatever the way did to the messages, the page ends equal to a fresh load."""
    keep_facts(live)
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
    for step in range(1, 41):
        town.happen("poll.noted", f'<section id="part">{step}</section>')
        town.show(3 + step, 10 + step, a=step, b=2 * step)
    town.send = send
    for message in [town.gauges[0], *held]:
        send(message)
    town.say(at=town.since)
    town.wait(lambda: live.evaluate("seen.length === 40"))
    expect(live.locator("#part")).to_have_text("40")
    expect(live.locator("#ballots")).to_have_text("50")
    expect(live.locator("[data-live-number=b]")).to_have_text("80")
    forward(live, 1)
    expect(live.locator(".conn")).to_have_text("Live")
    assert len(live.evaluate("seen")) == 40


def test_who_is_here_is_a_number_in_a_sentence_and_shown_once_known(live, town):
    here = live.locator("#here")
    expect(here).to_be_hidden()
    for number, fewer, sentence in (
        (5, True, "Fewer than five people are here"),
        (1021, False, "At least 1,021 people are here"),
        (5, False, "At least 5 people are here"),  # the latest wins: its version never changes
    ):
        town.say(g="presence", v=0, d={"here": number, "fewer": fewer})
        expect(here).to_have_text(sentence)
    expect(here).to_be_visible()
    expect(live.locator("#size")).to_have_text("3")
    expect(live.locator("#status")).to_have_text("")
    town.close(1001)
    expect(here).to_be_hidden()


def test_a_language_with_more_plurals_gets_the_right_one(live, town):
    live.evaluate("""() => {
        const samples = {5: "{n} osób", 21: "{n} osób", 22: "{n} osoby", 100: "{n} osób"};
        const here = document.getElementById("here");
        const old = Object.keys(here.dataset).filter((key) => /^n\\d/.test(key));
        for (const key of old) delete here.dataset[key];
        for (const [n, text] of Object.entries(samples)) here.dataset["n" + n] = text;
        Intl.PluralRules.prototype.select = (n) => n % 10 === 2 && n % 100 !== 12 ? "few" : "many";
    }""")
    for number, sentence in ((12, "12 osób"), (32, "32 osoby")):
        town.say(g="presence", v=0, d={"here": number, "fewer": False})
        expect(live.locator("#here")).to_have_text(sentence)


def test_topics_that_come_and_go_are_followed_and_left(live, town):
    live.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<p id="talk" data-topic="thread.1" data-since="4"><b data-live="posts">1</b></p>')""")
    town.wait(lambda: town.heard == [{"follow": "thread.1:4"}])
    forward(live, 1)
    expect(live.locator(".conn")).to_have_text("Catching up")
    town.send({"t": "thread.1", "g": "count", "v": 1, "d": {"posts": 7}})
    town.send({"t": "thread.1", "at": 4})
    expect(live.locator("#talk")).to_have_text("7")
    expect(live.locator("#size")).to_have_text("3")
    expect(live.locator(".conn")).to_have_text("Live")
    live.evaluate("document.getElementById('talk').remove()")
    town.wait(lambda: town.heard[1:] == [{"unfollow": "thread.1"}])
    town.close(1001)
    wait_for_socket(live, town)
    assert town.asked[-1] == f"{TOPIC}:5"


@pytest.mark.adversary("B12")
def test_a_newer_release_is_told_and_nothing_is_loaded(live, town):
    live.locator("#words").fill("half a thought")
    assert town.queries[0]["v"] == ["0123abc1"]
    assert town.queries[0]["lang"] == ["en"]
    expect(live.locator("#new")).to_be_hidden()
    town.send({"new": True})
    town.send({"new": True})
    expect(live.locator("#new")).to_be_visible()
    forward(live, 6)
    expect(live.locator("#status")).to_contain_text("A newer version is ready.")
    assert live.locator("#words").input_value() == "half a thought"
    assert town.loads == 1
    live.get_by_role("link", name="Load it").click()
    expect(live.locator("#new")).to_be_hidden()
    assert town.loads == 2


def test_the_status_region_sums_up_and_never_chatters(live, town):
    live.evaluate("""
        said = [];
        new MutationObserver(() => said.push(document.getElementById("status").textContent))
          .observe(document.getElementById("status"), {childList: true});
    """)
    town.show(4, 10)
    for ballots in range(11, 31):
        town.show(ballots, ballots)
        expect(live.locator("#ballots")).to_have_text(str(ballots))
        forward(live, 1)
    town.wait(lambda: live.evaluate("said.length >= 3"))
    said = live.evaluate("said")
    assert len(said) <= 5
    assert said[0] == "11 ballots, 1 more"
    counted = [re.findall(r"\d+", sentence) for sentence in said]
    assert sum(int(more) for _all, more in counted) == int(counted[-1][0]) - 10


def test_the_status_region_is_silent_while_typing(live, town):
    town.show(4, 10)
    live.locator("#words").press_sequentially("a")
    town.show(5, 11)
    expect(live.locator("#ballots")).to_have_text("11")
    forward(live, 3)
    expect(live.locator("#status")).to_have_text("")
    forward(live, 4)
    expect(live.locator("#status")).to_have_text("11 ballots, 1 more")
