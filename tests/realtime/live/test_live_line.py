"""What ``live.js`` says of its connection, and how it comes back: never live when it is not."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from realtime.codes import FOR_GOOD, SENTENCES, Code
from tests.realtime.live.town import PATIENCE_S, TOPIC, Town, arrive, forward, wait_for_socket

pytestmark = pytest.mark.browser
PAUSED = re.compile(r"Paused\. Numbers from \d\d:\d\d")
OFF = re.compile(r"No connection\. Numbers from \d\d:\d\d")


def line(opened: Page):
    return opened.locator(".conn")


def put_chance(opened: Page, value: float) -> None:
    opened.evaluate("(value) => Math.random = () => value", value)


def on_the_clock(opened: Page, seconds: float) -> str:
    """A time as the page writes it."""
    how = '{hour: "2-digit", minute: "2-digit"}'
    return opened.evaluate(f'new Intl.DateTimeFormat("en", {how}).format({1000 * seconds})')


def wait_for_poll(opened: Page, town: Town) -> None:
    """Until the page has asked once more; it does so 2 to 19 s after the last answer."""
    before = len(town.polls)
    for _second in range(20):
        forward(opened, 1)
        arrive(opened)
        if len(town.polls) > before:
            return
    pytest.fail("The page does not ask any more.")


@pytest.mark.adversary("B13")
def test_silence_is_never_taken_for_life(live, town):
    for number in range(4, 7):
        forward(live, 11)
        town.show(number, number)
        expect(live.locator("#ballots")).to_have_text(str(number))
        expect(line(live)).to_have_text("Live")
    town.refuse = True
    forward(live, 15)
    expect(line(live)).to_have_text("Catching up")
    expect(line(live)).to_have_class("conn conn--away")


@pytest.mark.adversary("B13")
def test_a_socket_alone_is_not_live_until_it_says_that_this_is_all(live, town):
    put_chance(live, 0)
    town.silent = True
    town.close(1001)
    wait_for_socket(live, town)
    expect(line(live)).to_have_text("Catching up")
    town.show(9, 20)
    expect(live.locator("#ballots")).to_have_text("20")
    expect(line(live)).to_have_text("Catching up")
    town.say(at=6)
    town.wait(lambda: town.heard == [{"seen": f"{TOPIC}:5"}])
    expect(line(live)).to_have_text("Catching up")
    town.say(n=6, k="poll.noted", d={})
    expect(line(live)).to_have_text("Live")
    town.say(n=9, k="poll.noted", d={})
    expect(line(live)).to_have_text("Catching up")
    for _second in range(12):
        forward(live, 1)
        town.show(9, 20)
    expect(line(live)).to_have_text("Catching up")  # the socket speaks: there is a connection


@pytest.mark.adversary("B13")
def test_what_is_missing_is_admitted_at_once(live, town):
    live.clock.pause_at(live.evaluate("Date.now()") / 1000 + 2)
    town.say(at=9)
    expect(line(live)).to_have_text("Catching up")


@pytest.mark.adversary("B11")
def test_a_server_that_was_away_finds_the_page_where_it_was(live, town):
    town.happen("post.added")
    expect(live.locator("[data-live=changed]")).to_be_visible()
    town.stop()
    expect(line(live)).to_have_text("Catching up")
    forward(live, 12)
    expect(line(live)).to_have_text(OFF)
    expect(line(live)).to_have_class("conn conn--off")
    expect(live.locator("#status")).to_contain_text("No connection.")
    town.start()
    wait_for_socket(live, town)
    expect(line(live)).to_have_text("Live")
    expect(live.locator("#status")).to_have_text("Live")
    assert town.asked == [f"{TOPIC}:5", f"{TOPIC}:6"]


@pytest.mark.adversary("B14")
def test_where_sockets_are_blocked_the_page_asks(visit, town):
    town.refuse = True
    town.show(8, 31)
    opened = visit()
    forward(opened, 6)
    expect(opened.locator("#ballots")).to_have_text("31")
    expect(line(opened)).to_have_text(PAUSED)
    expect(line(opened)).to_have_class("conn conn--paused")
    while town.polls[-1][1] != 304:  # nothing has changed, and the browser's cache knows the answer
        wait_for_poll(opened, town)
    town.happen("poll.noted", '<section id="part">6</section>')
    town.happen("poll.closed", '<section id="part">7</section>')
    town.show(9, 32)
    wait_for_poll(opened, town)
    expect(opened.locator("#ballots")).to_have_text("32")
    expect(opened.locator("#part")).to_have_text("7")
    expect(opened.get_by_text("This poll has closed.").first).to_be_visible()
    assert town.polls[0] == (f"/live/{TOPIC}?since=5&lang=en", 200)
    town.refuse = False
    wait_for_socket(opened, town)
    assert town.asked == [f"{TOPIC}:7"]
    expect(line(opened)).to_have_text("Live")
    after = len(town.polls)
    forward(opened, 5)
    assert len(town.polls) == after


@pytest.mark.adversary("B14")
def test_a_stranger_s_answer_does_not_end_the_asking(visit, town):
    """A network's own answer, or half of ours."""
    town.refuse = True
    town.strangers = ["{}", "{", '{"captive": true}', '{"messages": [null]}', "[]", "null"]
    town.show(8, 31)
    opened = visit()
    forward(opened, 6)
    while town.strangers:
        wait_for_poll(opened, town)
        expect(line(opened)).not_to_have_text(PAUSED)
    wait_for_poll(opened, town)
    expect(line(opened)).to_have_text(PAUSED)
    expect(opened.locator("#ballots")).to_have_text("31")


def test_a_socket_that_opens_and_says_nothing_counts_as_blocked(visit, town):
    town.silent = True
    opened = visit()
    for _ in range(3):
        assert town.arrived.acquire(timeout=30)
        forward(opened, 16)
        if town.polls:
            break
    expect(line(opened)).to_have_text(PAUSED)


def test_asking_in_vain_is_no_connection(visit, town):
    town.refuse = True
    opened = visit()
    forward(opened, 6)
    expect(line(opened)).to_have_text(PAUSED)
    town.stop()
    forward(opened, 30)
    expect(line(opened)).to_have_text(OFF)
    town.start()


@pytest.mark.parametrize("code", sorted(FOR_GOOD))
def test_after_a_final_word_the_page_does_not_come_back(live, town, code):
    town.close(code)
    expect(line(live)).to_have_text(str(SENTENCES[Code(code)]))
    expect(line(live)).to_have_class("conn conn--ended")
    expect(live.locator("#status")).to_have_text(str(SENTENCES[Code(code)]))
    forward(live, 40)
    expect(line(live)).to_have_text(str(SENTENCES[Code(code)]))
    assert len(town.asked) == 1
    assert town.polls == []
    assert live.locator("#out").is_visible() == (code == Code.SIGNED_OUT)


@pytest.mark.parametrize("me", ["", "0123456789abcdef"])
def test_a_page_says_which_sign_in_it_was_made_for(visit, town, me):
    town.me = me
    visit()
    assert town.arrived.acquire(timeout=PATIENCE_S)
    assert town.queries[0].get("me", [""]) == [me]


def test_a_page_that_asks_is_told_that_its_sign_in_has_ended(visit, town):
    """Where no socket gets through, an answer says what a close code would."""
    town.refuse, town.me = True, "0123456789abcdef"
    opened = visit()
    forward(opened, 6)
    expect(line(opened)).to_have_text(PAUSED)
    assert all("&me=0123456789abcdef" in path for path, _status in town.polls)
    town.strangers = ['{"messages":[{"end":4401}]}'] * 3
    forward(opened, 20)
    expect(line(opened)).to_have_text(str(SENTENCES[Code.SIGNED_OUT]))
    expect(line(opened)).to_have_class("conn conn--ended")
    assert opened.locator("#out").is_visible()
    asked = len(town.polls)
    forward(opened, 40)
    arrive(opened)
    assert len(town.polls) == asked


def test_a_page_that_was_too_slow_says_so_and_comes_back(live, town):
    town.close(4408)
    expect(line(live)).to_have_text(str(SENTENCES[Code.TOO_SLOW]))
    wait_for_socket(live, town)
    expect(line(live)).to_have_text("Live")


@pytest.mark.adversary("B11")
def test_a_server_that_restarts_says_over_how_long_to_spread(live, town):
    put_chance(live, 0.9)
    town.close(1012, "30")
    sentence = str(SENTENCES[Code(1012)])
    expect(line(live)).to_have_text(sentence)
    forward(live, 11)
    expect(line(live)).to_have_text(re.compile(re.escape(sentence) + r" Numbers from \d\d:\d\d"))
    assert 12 <= wait_for_socket(live, town) <= 18
    expect(line(live)).to_have_text("Live")


def test_a_server_that_is_full_is_asked_instead_and_tried_later(live, town):
    put_chance(live, 0)
    town.close(1013, "40")
    expect(line(live)).to_have_text(PAUSED)
    assert 30 <= wait_for_socket(live, town, 45) <= 43
    expect(line(live)).to_have_text("Live")


def test_a_page_that_wakes_comes_back_at_once_and_raises_no_alarm(live, town):
    live.evaluate("""
        lines = [];
        new MutationObserver(() => lines.push(document.querySelector(".conn").className))
          .observe(document.querySelector(".conn"), {childList: true});
    """)
    live.clock.fast_forward(600_000)
    assert town.arrived.acquire(timeout=30)
    expect(line(live)).to_have_text("Live")
    assert live.evaluate("lines") == ["conn conn--away", "conn conn--live"]
    expect(live.locator("#status")).to_have_text("")


@pytest.mark.adversary("B13")
def test_a_clock_that_is_put_back_does_not_make_silence_look_like_life(live, town):
    now = live.evaluate("Date.now()")
    live.clock.set_system_time(now / 1000 - 3600)
    forward(live, 2)
    assert town.arrived.acquire(timeout=30)
    expect(line(live)).to_have_text("Live")


@pytest.mark.adversary("B13")
def test_another_network_means_another_socket(live, town):
    live.context.set_offline(True)
    expect(line(live)).to_have_text("Catching up")
    forward(live, 11)
    expect(line(live)).to_have_text(OFF)
    live.context.set_offline(False)
    assert town.arrived.acquire(timeout=30)
    expect(line(live)).to_have_text("Live")


@pytest.mark.adversary("B13")
def test_a_kept_page_says_from_when_it_is(visit, town):
    """The browser went back to what it had loaded hours ago, and there is no network now."""
    town.silent, town.made = True, town.made - timedelta(hours=3)
    opened = visit()
    opened.context.set_offline(True)
    forward(opened, 12)
    then = on_the_clock(opened, town.made.timestamp())
    expect(line(opened)).to_have_text(f"No connection. Numbers from {then}")


@pytest.mark.adversary("B13")
def test_a_page_from_a_server_ahead_of_its_time_is_of_now(visit, town):
    town.silent, town.made = True, town.made + timedelta(hours=3)
    before = time.time()
    opened = visit()
    opened.context.set_offline(True)
    forward(opened, 12)
    expect(line(opened)).to_have_text(OFF)
    loaded = {on_the_clock(opened, when) for when in (before, time.time())}
    assert line(opened).text_content().removeprefix("No connection. Numbers from ") in loaded


@pytest.mark.adversary("B13")
def test_a_page_put_by_is_not_live_when_it_comes_back(live, town):
    live.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(line(live)).to_have_text("Catching up")
    town.happen("poll.closed")
    live.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert town.arrived.acquire(timeout=30)
    expect(line(live)).to_have_text("Catching up")
    town.wait(lambda: {"seen": f"{TOPIC}:5"} in town.heard)
    expect(line(live)).to_have_text("Live")
    expect(live.get_by_text("This poll has closed.").first).to_be_visible()
