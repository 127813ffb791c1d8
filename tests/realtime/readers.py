"""Readers without a server: what a socket's ``send`` does when a phone is slow, and a clock."""

import asyncio
import json
from functools import partial


class Clock:
    """Time that passes when told to; ``call_later`` is the loop's."""

    def __init__(self):
        self.now, self.alarms = 1000.0, []

    def __call__(self) -> float:
        return self.now

    def call_later(self, delay: float, act):
        alarm = Alarm(self.now + delay, act)
        self.alarms.append(alarm)
        return alarm

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [alarm for alarm in self.alarms if alarm.at <= end]:
            alarm = min(due, key=lambda alarm: alarm.at)
            self.alarms.remove(alarm)
            self.now = max(self.now, alarm.at)
            if not alarm.cancelled:
                alarm.act()
        self.now = end


class Alarm:
    def __init__(self, at: float, act):
        self.at, self.act, self.cancelled = at, act, False

    def cancel(self) -> None:
        self.cancelled = True


class Reader:
    """Keeps what it is sent. While it is stalled, ``send`` waits, as uvicorn's does."""

    def __init__(self):
        self.got: list[dict] = []
        self.code: int | None = None
        self.flows = asyncio.Event()
        self.flows.set()
        self.error: Exception | None = None

    async def send(self, event: dict) -> None:
        if event["type"] == "websocket.close":
            self.code = event["code"]
            return
        if self.error is not None:
            raise self.error
        await asyncio.sleep(0) if not self.flows.is_set() else None
        await self.flows.wait()
        self.got.append(json.loads(event["text"]))

    def stall(self) -> None:
        self.flows.clear()

    def flow(self) -> None:
        self.flows.set()

    @property
    def numbers(self) -> list[int]:
        return [message["n"] for message in self.got if "n" in message]

    @property
    def versions(self) -> list[int]:
        return [message["v"] for message in self.got if "g" in message]


class Buffered:
    """A reader behind daphne: ``send`` never waits, the transport's buffer grows instead."""

    class Transport:
        dataBuffer, offset, _tempDataLen = b"", 0, 0

    class Protocol:
        def __init__(self):
            self.transport = Buffered.Transport()

    def __init__(self):
        self.protocol, self.got, self.code = self.Protocol(), [], None
        self.stalled = False
        self.send = partial(self._reply, self.protocol)

    async def _reply(self, protocol, event: dict) -> None:
        if event["type"] == "websocket.close":
            self.code = event["code"]
            return
        self.got.append(event["text"])
        if self.stalled:
            protocol.transport._tempDataLen += len(event["text"])

    @property
    def held(self) -> int:
        return self.protocol.transport._tempDataLen

    def flow(self) -> None:
        self.stalled, self.protocol.transport._tempDataLen = False, 0
