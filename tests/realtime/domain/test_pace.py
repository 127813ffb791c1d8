from hypothesis import given
from hypothesis import strategies as st

from realtime.domain.pace import Allowance, Newest

steps = st.floats(0, 2, allow_nan=False)
readings = st.lists(st.tuples(steps, st.integers(0, 30)), min_size=1, max_size=200)


class Sender:
    """Drives a gauge as the hub does, with a clock of its own."""

    def __init__(self):
        self.newest = Newest()
        self.now = 0.0
        self.alarm = None
        self.sent: list[tuple[float, int]] = []

    def offer(self, version: int) -> None:
        due = self.newest.offer(version, version, self.now)
        if due is not None:
            assert self.alarm is None
            assert self.now <= due
            self.alarm = due

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        if self.alarm is not None and self.alarm <= end:
            self.now, self.alarm = max(self.now, self.alarm), None
            self.sent.append((self.now, self.newest.take(self.now)))
        self.now = end


def run(offers) -> Sender:
    sender = Sender()
    for pause, version in offers:
        sender.wait(pause)
        sender.offer(version)
    sender.wait(1)
    return sender


@given(readings)
def test_never_more_than_four_in_any_second(offers):
    times = [at for at, _version in run(offers).sent]
    for at in times:
        assert sum(at <= other < at + 1 for other in times) <= 4


@given(readings)
def test_the_newest_version_arrives_last_and_none_goes_back(offers):
    versions = [version for _at, version in run(offers).sent]
    assert versions[-1] == max(version for _pause, version in offers)
    assert versions == sorted(set(versions))


@given(readings)
def test_nothing_waits_longer_than_the_interval(offers):
    sender, now, newest = run(offers), 0.0, -1
    for pause, version in offers:
        now += pause
        if version > newest:
            newest = version
            assert any(now <= at <= now + 0.2500001 and v >= version for at, v in sender.sent)


def test_the_same_version_with_another_value_is_news_and_with_the_same_is_not():
    newest = Newest()
    assert newest.offer(3, {"passes": 1}, 0.0) == 0.0
    assert newest.take(0.0) == {"passes": 1}
    assert newest.offer(3, {"passes": 1}, 1.0) is None
    assert newest.offer(3, {"passes": 2}, 1.0) == 1.0
    assert newest.take(1.0) == {"passes": 2}
    assert newest.take(1.0) is None


@given(st.lists(steps, max_size=200))
def test_an_allowance_gives_its_burst_and_its_rate_and_no_more(pauses):
    allowance, now, given_out = Allowance(rate=5, burst=10), 0.0, 0
    for pause in pauses:
        now += pause
        given_out += allowance.spend(now)
    assert given_out <= 10 + 5 * now + 1e-6


def test_an_allowance_comes_back():
    allowance = Allowance(rate=5, burst=2)
    assert [allowance.spend(0.0) for _ in range(3)] == [True, True, False]
    assert [allowance.spend(0.2) for _ in range(2)] == [True, False]
    assert [allowance.spend(100.0) for _ in range(3)] == [True, True, False]


def test_a_gauge_that_takes_long_to_send_rests():
    newest = Newest()
    newest.offer(1, "a", 0.0)
    newest.take(0.0)
    newest.rest(0.1)
    assert newest.offer(2, "b", 0.2) == 0.25
    newest.take(0.25)
    newest.rest(3.0)
    assert newest.offer(3, "c", 0.6) == 3.0
