"""Several server processes side by side, kept running until they are told to end.

One that dies is started again after a pause, so no other program needs to watch over them.
Deliberately absent: sharing visitors out among them, which is the work of the proxy in front.
"""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType

PAUSE_S = 1.0  # before one that died is started again: it may die at once every time
ENDING = (signal.SIGTERM, signal.SIGINT)


def run_side_by_side(commands: Sequence[Sequence[str]]) -> None:
    """Run each of ``commands`` until SIGTERM or SIGINT, which each of them is sent in turn."""
    running: dict[int, Sequence[str]] = {}
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        ending = True
        for process in running:
            os.kill(process, signal.SIGTERM)

    def start(command: Sequence[str]) -> None:
        process = subprocess.Popen(command).pid  # noqa: S603  our own command
        running[process] = command
        if ending:  # told so while it was being started
            os.kill(process, signal.SIGTERM)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        for command in commands:
            start(command)
        while running:
            ended, _status = os.wait()
            command = running.pop(ended)
            if not ending:
                time.sleep(PAUSE_S)
                start(command)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
