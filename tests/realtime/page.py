"""A page in a few lines: what ``live.js`` makes of the messages, and nothing else.

The law of live updates is tested with it: old state and messages = fresh state.
"""

import json
from typing import Any


class Page:
    """One topic as a page shows it. ``fetch`` is a load of the page: (last number, kinds)."""

    def __init__(self, since: int = 0, facts: list[str] | None = None):
        self.at, self.facts = since, list(facts or [])
        self.version, self.gauge = -1, None
        self.resets, self.gaps = 0, 0

    def take(self, text: str, fetch=None) -> None:
        message: dict[str, Any] = json.loads(text)
        if "g" in message:
            if message["v"] >= self.version:
                self.version, self.gauge = message["v"], message["d"]
        elif message.get("reset"):
            self.resets += 1
            self.at, self.facts = fetch()
        elif "n" in message:
            self._fact(message["n"], message["k"])
        elif message["at"] > self.at:
            self.gaps += 1

    def _fact(self, number: int, kind: str) -> None:
        if number == self.at + 1:
            self.at = number
            self.facts.append(kind)
        elif number > self.at:
            self.gaps += 1
