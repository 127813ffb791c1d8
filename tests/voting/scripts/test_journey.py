"""The booth in a real browser against a real town: every way of voting, and what can go wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browsers import PATIENCE_MS, press
from tests.servers import Server, serving

pytestmark = pytest.mark.browser
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()

FILL = """
from engage.management.commands.demo import fill_people, fill_poll
from engage.management.town import SamplePoll
organiser = fill_people()
four = tuple((key, f"Option {key.upper()}", "", cost) for key, cost in zip("abcd", (60, 30, 20, 5)))
for name, method, rule, who, days in (
    ("one", "plurality", "plurality/1", "everyone", (-1, 6)),
    ("order", "ranked", "irv/1", "everyone", (-1, 6)),
    ("money", "knapsack", "pb-greedy/1", "everyone", (-1, 6)),
    ("early", "approval", "approval/1", "everyone", (2, 6)),
    ("members", "plurality", "plurality/1", "account", (-1, 6)),
    ("ending-1", "approval", "approval/1", "everyone", (-1, 6)),
    ("ending-2", "approval", "approval/1", "everyone", (-1, 6)),
):
    budget = 100 if method == "knapsack" else None
    poll = fill_poll(SamplePoll(
        name, "", method, rule, who, four, "open", days, budget=budget, max_delay_s=8,
    ), organiser)
    print("poll", name, poll.pk)
"""

CLOSE = """
from engage.identity.models import User
from voting.models import Poll
from voting.services.closing import close_poll
close_poll(poll=Poll.objects.get(title="%s"), by=User.objects.get(grants__role="organiser"))
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("booth-town"), LIMITS="false")
    with serving(server, ["shell", "-c", FILL]) as (printed,):
        server.polls = dict(re.findall(r"poll (\S+) (\S+)", printed))
        yield server


@pytest.fixture(scope="module", params=["kept by the frame", "kept by the page"])
def either_browser(request, launch) -> Browser:
    """Two browsers: a usual one, and one that lets frames of other sites keep nothing."""
    lodges = request.param == "kept by the page"
    usual = "--disable-features=Nothing"  # Playwright itself switches partitioned storage off
    running = launch() if lodges else launch(usual)
    running.lodges = lodges
    return running


@pytest.fixture
def resident(either_browser, town):
    """Open a poll as somebody new; script errors and breaches of the policy fail the test."""
    contexts, errors = [], []

    def arrive(poll: str, page: Page | None = None) -> tuple[Page, FrameLocator]:
        if page is None:
            contexts.append(either_browser.new_context(accept_downloads=True, locale="en-GB"))
            contexts[-1].set_default_timeout(PATIENCE_MS)
            page = contexts[-1].new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "console",
                lambda line: errors.append(line.text) if "Security Policy" in line.text else None,
            )
        page.goto(f"{town.site}/polls/{town.polls[poll]}/")
        return page, page.frame_locator("#booth-frame")

    yield arrive
    for context in contexts:
        context.close()
    assert errors == []


def collect(booth: FrameLocator) -> None:
    press(booth, "Collect your voting pass", then="form[data-ballot]")


def check(booth: FrameLocator) -> None:
    press(booth, "Check your vote", then="[data-step=check], [data-out=problem]:not(:empty)")


def change(booth: FrameLocator) -> None:
    press(booth, "Change", then="form[data-ballot]")


def cast(booth: FrameLocator) -> None:
    press(booth, "Cast my vote", then="[data-step=receipt]")


def wait_for_log(booth: FrameLocator) -> None:
    expect(booth.locator("[data-mark=logged]")).to_have_class(re.compile("done"), timeout=60_000)


def receipt_of(page: Page, booth: FrameLocator, folder: Path) -> Path:
    with page.expect_download() as download:
        booth.locator("[data-act=download]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def verdict(page: Page, town: Server, receipt: Path) -> str:
    page.goto(f"{town.site}/verify/")
    page.set_input_files("#verify input[type=file]", receipt)
    expect(page.locator("#verify")).to_have_attribute("data-verdict", re.compile("."))
    return page.locator("#verify").get_attribute("data-verdict")


def test_a_vote_goes_from_the_pass_to_a_receipt_that_holds(resident, town, tmp_path):
    page, booth = resident("one")
    collect(booth)
    assert booth.locator("[data-part=lodged]").is_visible() == page.context.browser.lodges
    check(booth)
    expect(booth.locator("[data-out=problem]")).to_be_focused()
    booth.get_by_label("Option B").check()
    expect(booth.locator("[data-out=problem]")).to_be_empty()
    check(booth)
    expect(booth.get_by_role("heading", name="Check your vote")).to_be_focused()
    expect(booth.locator("[data-step=check] [data-list=choice] li")).to_have_text(["Option B"])
    page, booth = resident("one", page)
    cast(booth)
    early = receipt_of(page, booth, tmp_path)
    town.restart()
    wait_for_log(booth)
    whole = receipt_of(page, booth, tmp_path / "whole")
    assert json.loads(whole.read_text())["promise"] == json.loads(early.read_text())["promise"]
    expect(page.locator("[data-booth-step=receipt]")).to_have_class(re.compile("done"))
    assert verdict(page, town, whole) == "good"
    assert verdict(page, town, early) == "good"
    forged = tmp_path / whole.name
    forged.write_text(whole.read_text().replace('\\"choice\\":\\"b', '\\"choice\\":\\"a'))
    assert verdict(page, town, forged) == "bad"
    expect(page.locator("[data-list=checks] li").first).to_contain_text("signed")


def test_a_ranking_is_made_by_keyboard_alone(resident):
    _page, booth = resident("order")
    collect(booth)
    for _ in range(3):
        booth.locator("[data-rest] [data-move=add]").first.press("Enter")
    up = booth.get_by_role("button", name="Move Option C up to place 2")
    expect(up).to_be_focused()
    up.press("Enter")
    expect(booth.locator("[data-out=moved]")).to_have_text("Option C is now in place 2 of 3.")
    up = booth.get_by_role("button", name="Move Option C up to place 1")
    expect(up).to_be_focused()
    up.press("Enter")
    still = booth.locator("[data-option=c] [data-move=up]")
    expect(still).to_be_focused()
    expect(still).to_have_attribute("aria-disabled", "true")
    still.press("Enter")
    booth.get_by_role("button", name="Take Option A off your list").press("Enter")
    expect(booth.locator("[data-option=a] [data-move=add]")).to_be_focused()
    check(booth)
    chosen = booth.locator("[data-step=check] [data-list=choice] li")
    expect(chosen).to_have_text(["Option C", "Option B"])
    change(booth)
    expect(booth.locator("[data-ranks] [data-title]")).to_have_text(["Option C", "Option B"])
    booth.locator("[data-blank]").check()
    check(booth)
    expect(booth.locator("[data-out=problem]")).to_contain_text("Take one of them back")


GO_ON_AT_ONCE = """() => {
  const form = document.querySelector("[data-step=form]");
  new MutationObserver(() => form.querySelector("[data-move=add]").focus())
    .observe(form, { attributeFilter: ["hidden"] });
}"""


def test_whoever_has_gone_on_already_keeps_the_focus(resident):
    page, booth = resident("order")
    button = booth.get_by_role("button", name="Collect your voting pass")
    expect(button).to_be_visible()
    frame = page.locator("#booth-frame").element_handle().content_frame()
    frame.evaluate(GO_ON_AT_ONCE)
    collect(booth)
    expect(booth.locator("#booth")).not_to_have_css("pointer-events", "none")
    expect(booth.locator("[data-rest] [data-move=add]").first).to_be_focused()


def test_a_budget_says_what_is_left_and_what_no_longer_fits(resident):
    _page, booth = resident("money")
    collect(booth)
    booth.get_by_label("Option A").check()
    booth.get_by_label("Option B").check()
    expect(booth.locator("[data-out=meter]")).to_contain_text("£10 left of £100")
    expect(booth.locator("[data-option=c] [data-out=fits]")).to_contain_text("£10 too much")
    expect(booth.locator("[data-option=d] [data-out=fits]")).to_be_hidden()
    booth.get_by_label("Option C").check()
    expect(booth.locator("[data-out=meter]")).to_contain_text("£10 over")
    check(booth)
    expect(booth.locator("[data-out=problem]")).to_contain_text("£10 too much")
    booth.get_by_label("Option A").uncheck()
    check(booth)
    cast(booth)


def test_a_recovery_code_carries_the_vote_to_another_device(resident, town):
    first, booth = resident("order")
    collect(booth)
    booth.get_by_text("Move to another device").click()
    booth.get_by_role("button", name="Show the recovery code").click()
    code = booth.locator("[data-out=recovery]").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{5}-){10}[0-9A-Z]{5}", code)
    second, _ = resident("one")
    second.context.add_cookies(first.context.cookies())
    _, other = resident("order", second)
    expect(other.locator("[data-out=refusal]")).to_contain_text("another device")
    other.get_by_text("I have a recovery code").click()
    other.get_by_label("Recovery code").fill(code[:-1] + ("0" if code[-1] != "0" else "8"))
    other.get_by_role("button", name="Use this code").click()
    expect(other.locator("[data-out=code-problem]")).not_to_be_empty()
    other.get_by_label("Recovery code").fill(code.lower().replace("-", " "))
    other.get_by_label("Recovery code").press("Enter")
    other.locator("[data-option=d] [data-move=add]").click()
    check(other)
    cast(other)
    booth.locator("[data-option=a] [data-move=add]").click()
    check(booth)
    press(booth, "Cast my vote", then="[data-step=receipt]")
    expect(booth.locator("[data-step=receipt] [data-part=found]")).to_be_visible(timeout=60_000)
    booth.get_by_text("What you chose").click()
    expect(booth.locator("[data-step=receipt] [data-list=choice] li")).to_have_text(["Option D"])


def test_a_pass_is_collected_before_the_poll_opens(resident):
    page, booth = resident("early")
    press(booth, "Collect your voting pass", then="[data-step=waiting]")
    expect(booth.get_by_role("heading", name="You have your voting pass")).to_be_focused()
    expect(page.locator("[data-booth-step=pass]")).to_have_class(re.compile("done"))
    expect(booth.locator("form[data-ballot]")).to_be_hidden()


def test_who_must_sign_in_is_told_so(resident):
    page, _booth = resident("members")
    expect(page.get_by_role("link", name=re.compile("Sign in")).last).to_be_visible()


def test_another_person_on_this_device_does_not_see_the_first_vote(resident):
    page, booth = resident("money")
    collect(booth)
    booth.get_by_label("Option D").check()
    check(booth)
    cast(booth)
    page.context.clear_cookies()
    page, booth = resident("money", page)
    expect(booth.get_by_role("heading", name="another person")).to_be_visible()
    expect(booth.locator("[data-step=receipt]")).to_be_hidden()
    press(booth, "Collect my own pass", then="[data-step=start]")
    collect(booth)


def test_a_closed_poll_shows_a_receipt_to_those_who_voted_and_to_nobody_else(
    resident, town, either_browser
):
    poll = "ending-1" if either_browser.lodges else "ending-2"
    page, booth = resident(poll)
    collect(booth)
    booth.get_by_label("Option A").check()
    booth.get_by_label("Option C").check()
    check(booth)
    cast(booth)
    stranger, other = resident(poll)
    collect(other)
    town.manage("shell", "-c", CLOSE % poll)
    decided = page.locator("#poll-kind", has_text="Poll, decided")
    for _ in range(30):
        page.reload()
        if decided.count():
            break
        page.wait_for_timeout(1_000)
    expect(booth.locator("[data-mark=counted]")).to_have_class(re.compile("done"), timeout=60_000)
    stranger.goto(page.url)
    expect(stranger.locator("#booth-frame")).to_have_attribute("src", re.compile("booth"))
    expect(stranger.frame_locator("#booth-frame").locator("#booth")).to_have_attribute(
        "data-view", "closed"
    )
    expect(stranger.locator("#booth-frame")).to_be_hidden()


@pytest.mark.adversary("E13")
def test_strangers_who_post_messages_are_not_heard(resident):
    page, booth = resident("one")
    expect(booth.get_by_role("button", name="Collect your voting pass")).to_be_visible()
    asked = []
    page.on("request", lambda request: asked.append(request) if request.method == "POST" else None)
    page.evaluate("""() => {
        const sign = { engage: "booth/1", type: "sign", id: "x", blinded: new Uint8Array(256) };
        window.postMessage(sign, "*");
        const stranger = document.createElement("iframe");
        document.body.append(stranger);
        const own = stranger.contentWindow;

        window.dispatchEvent(new MessageEvent("message", {
            data: sign, origin: "https://evil.example", source: own }));
    }""")
    page.wait_for_timeout(500)
    assert asked == []
    frame = next(frame for frame in page.frames if "/booth/" in frame.url)
    frame.evaluate("""() => window.dispatchEvent(new MessageEvent("message", {
        data: { engage: "booth/1", type: "hello", pass: "closed", phase: "closed" },
        origin: "https://evil.example", source: window.parent }))""")
    expect(booth.get_by_role("button", name="Collect your voting pass")).to_be_visible()


def test_axe_finds_nothing_in_the_booth(resident, town):
    page, booth = resident("order")

    def findings() -> list:
        frame = next(frame for frame in page.frames if "/booth/" in frame.url)
        frame.evaluate(AXE)
        outcome = frame.evaluate("() => axe.run()")
        return [(found["id"], found["nodes"][0]["html"]) for found in outcome["violations"]]

    expect(booth.get_by_role("button", name="Collect your voting pass")).to_be_visible()
    assert findings() == []
    collect(booth)
    assert findings() == []
    booth.locator("[data-option=a] [data-move=add]").click()
    assert findings() == []
    check(booth)
    assert findings() == []
    cast(booth)
    assert findings() == []
