"""Several server processes side by side, kept running until they are told to end.

One that dies is started again after a pause, so no other program needs to watch over them.
Deliberately absent: sharing visitors out among them, which is the work of the proxy in front.
"""

import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType

PAUSE_S = 1.0  # before one that died is started again: it may die at once every time
LOOK_S = 0.2  # between two looks at whether all of them still run
ENDING = (signal.SIGTERM, signal.SIGINT)


def run_side_by_side(commands: Sequence[Sequence[str]]) -> None:
    """Run each of ``commands`` until SIGTERM or SIGINT, which each of them is sent in turn."""
    side_by_side = SideBySide()
    before = {number: signal.signal(number, side_by_side.end) for number in ENDING}
    try:
        for command in commands:
            side_by_side.start(command)
        while side_by_side.running:
            time.sleep(LOOK_S)
            side_by_side.replace_the_dead()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class SideBySide:
    """The processes that run, until the end of all."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen] = []
        self.ending = False

    def start(self, command: Sequence[str]) -> None:
        self.running.append(subprocess.Popen(command))  # noqa: S603  our own command
        if self.ending:  # told so while it was being started
            self.running[-1].terminate()

    def end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True
        for process in self.running:
            process.terminate()

    def replace_the_dead(self) -> None:
        dead = [process for process in self.running if process.poll() is not None]
        if dead and not self.ending:
            time.sleep(PAUSE_S)
        for process in dead:
            self.running.remove(process)
            if not self.ending:
                self.start(process.args)
