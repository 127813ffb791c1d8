"""What a page receives: facts, gauges, marks and resets, each turned into text exactly once.

Deliberately absent: anything about the reader. The same frame goes to everybody.
"""

import json
from collections.abc import Mapping
from typing import Any

from realtime.domain.wire import text_frame

VERSION = 1
"""Of the envelope itself: a page that speaks another one cannot be told anything."""


class Frame:
    """One finished message, for any number of sockets: ``message`` is the ASGI event.

    ``wire`` is the same as a server puts it on a socket (RFC 6455 section 5.2).
    """

    __slots__ = ("message", "wire")

    def __init__(self, body: Mapping[str, Any]) -> None:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        self.message = {"type": "websocket.send", "text": text}
        self.wire = text_frame(text.encode())

    @property
    def text(self) -> str:
        """The frame's payload, JSON.

        >>> mark("thread.7", 3).text
        '{"t":"thread.7","at":3}'
        """
        return str(self.message["text"])


Frames = Mapping[str, Frame]
"""One message by the language of its html; under "" for all others, without any."""


def fact(
    topic: str, sequence: int, kind: str, data: Mapping[str, Any], html: str | None = None
) -> Frame:
    """Something that happened, number ``sequence`` of its topic.

    ``html`` holds elements with an id each, to take the place of those with the same ids.
    """
    body = {"t": topic, "n": sequence, "k": kind, "d": data}
    return Frame(body if html is None else body | {"h": html})


def gauge(topic: str, name: str, version: int, data: Mapping[str, Any]) -> Frame:
    """The newest reading; a page ignores a smaller ``version`` than it shows."""
    return Frame({"t": topic, "g": name, "v": version, "d": data})


def mark(topic: str, sequence: int) -> Frame:
    """*You are complete up to here.* Also the sign of life that a page waits for."""
    return Frame({"t": topic, "at": sequence})


def reset(topic: str, sequence: int) -> Frame:
    """*Too much happened to tell: fetch the page and go on from here.*"""
    return Frame({"t": topic, "reset": True, "at": sequence})


def ended(code: int) -> Frame:
    """*This page is to follow no more*, to one that asks: what a socket says by its close code."""
    return Frame({"end": code})


def renewed() -> Frame:
    """*The page you would get now runs other scripts.* Yours decides when to load it."""
    return Frame({"new": True})
