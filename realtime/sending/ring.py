"""Level 2: the same bytes to many sockets by one system call, io_uring_enter(2), through ctypes.

A ring belongs to the thread that made it. No write waits (MSG_DONTWAIT), so all are over when the
call returns. Deliberately absent: registered buffers and files, which would hold a socket open
that the server has closed. Needs Linux 6.0, and a container that does not refuse it.
"""

import ctypes
import errno
import mmap
import os
import struct
import sys
import weakref
from array import array
from typing import Any

from realtime.sending.direct import FLAGS

# From linux/io_uring.h; the numbers of the calls are the same on every architecture.
_SETUP, _ENTER = 425, 426
_SUBMIT_ALL, _COOP_TASKRUN, _SINGLE_ISSUER = 1 << 7, 1 << 8, 1 << 12
_QUEUES, _ENTRIES = 0, 0x10000000  # where the two parts are mapped
_SEND = 26
_WRAP = (1 << 32) - 1
_AGAIN = {errno.EINTR, errno.EAGAIN, errno.EBUSY}
_NO_SUCH_WAY = {-errno.EINVAL, -errno.EOPNOTSUPP, -errno.ENOSYS, -errno.ECANCELED}
_PATIENCE = 100

NOTHING_TAKEN = -errno.EAGAIN
UNKNOWN = -(1 << 31)
"""The kernel did not say what became of a write; nothing more may follow on that socket."""

_call = ctypes.CDLL(None, use_errno=True).syscall
_call.restype = ctypes.c_long


class Ring:
    """``broken`` says why it is of no more use; what it answered until then holds."""

    def __init__(self, entries: int) -> None:
        """Make room for ``entries`` (a power of two) writes at once. OSError where refused."""
        if sys.platform != "linux":
            raise OSError(errno.ENOSYS, "there is no io_uring here")
        told = ctypes.create_string_buffer(120)  # struct io_uring_params, 30 words
        struct.pack_into("=I", told, 8, _SUBMIT_ALL | _COOP_TASKRUN | _SINGLE_ISSUER)
        self.descriptor = _call(_SETUP, entries, told)
        if self.descriptor < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self._end = weakref.finalize(self, os.close, self.descriptor)
        self.broken = ""
        words = struct.unpack("=30I", told)
        self.size = words[0]
        self._map_queues(words[1], words[10:20], words[20:30])
        self._map_entries()

    def _map_queues(self, answers: int, sq: tuple[int, ...], cq: tuple[int, ...]) -> None:
        """What is submitted and what is answered; ``sq`` and ``cq`` tell where each part lies."""
        length = max(sq[6] + 4 * self.size, cq[5] + 16 * answers)
        shared = self._mapped(length, _QUEUES)
        self._words: Any = shared.cast("I")
        self._head, self._tail, self._first = sq[0] // 4, sq[1] // 4, sq[6] // 4
        self._answered, self._told = cq[0] // 4, cq[1] // 4
        answer = shared[cq[5] : cq[5] + 16 * answers]
        self._answers = answers
        self._which: Any = answer.cast("Q")[::2]
        self._taken: Any = answer.cast("i")[2::4]
        self._order = list(range(self.size))
        self._slots = memoryview(array("I", self._order))

    def _map_entries(self) -> None:
        """An entry is 64 bytes; only its descriptor, address and length ever change."""
        entries = self._mapped(64 * self.size, _ENTRIES)
        ints: Any = entries.cast("i")
        longs: Any = entries.cast("Q")
        ints[0::16] = memoryview(array("i", [_SEND]) * self.size)
        ints[7::16] = memoryview(array("i", [FLAGS]) * self.size)
        longs[4::8] = memoryview(array("Q", self._order))
        self._sockets, self._address, self._length = ints[1::16], longs[2::8], ints[6::16]

    def _mapped(self, length: int, part: int) -> memoryview:
        flags = mmap.MAP_SHARED | mmap.MAP_POPULATE
        return memoryview(mmap.mmap(self.descriptor, length, flags, offset=part))

    def close(self) -> None:
        """Give the descriptor back; the memory goes with the last use of it. Idempotent."""
        self.broken = self.broken or "closed"
        self._end()

    def write(self, sockets: "array[int]", wire: bytes) -> list[int]:
        """Offer ``wire`` to each descriptor; how many bytes each took, negative where none.

        More sockets than entries take several rounds. If the ring breaks, the answer for those it
        did not reach is NOTHING_TAKEN.
        """
        self._wire = wire  # alive for as long as the kernel may read it
        address = ctypes.cast(ctypes.c_char_p(wire), ctypes.c_void_p).value or 0
        used = min(len(sockets), self.size)
        self._address[:used] = memoryview(array("Q", [address]) * used)
        self._length[:used] = memoryview(array("i", [len(wire)]) * used)
        taken: list[int] = []
        for start in range(0, len(sockets), self.size):
            if self.broken:
                break
            taken += self._round(sockets[start : start + self.size], len(wire))
        return taken + [NOTHING_TAKEN] * (len(sockets) - len(taken))

    def _round(self, sockets: "array[int]", size: int) -> list[int]:
        count = len(sockets)
        self._sockets[:count] = memoryview(sockets)
        begun = self._submit(count)
        which, taken = self._answer()
        if which != self._order[:count]:
            taken = self._in_order(count, begun, which, taken)
        if taken.count(size) != count:
            self._judge(taken, size)
        return taken

    def _submit(self, count: int) -> int:
        """Have the first ``count`` entries written; how many of them the kernel has taken up."""
        words, tail = self._words, self._words[self._tail]
        at = self._first + tail % self.size
        fit = min(count, self._first + self.size - at)
        words[at : at + fit] = self._slots[:fit]
        words[self._first : self._first + count - fit] = self._slots[fit:count]
        words[self._tail] = tail = (tail + count) & _WRAP
        reason = errno.EAGAIN
        for _ in range(_PATIENCE):
            left = (tail - words[self._head]) & _WRAP
            if not left:
                return count
            if _call(_ENTER, self.descriptor, left, 0, 0, None, 0) < 0:
                reason = ctypes.get_errno()
                if reason not in _AGAIN:
                    break
        self.broken = f"io_uring stopped: {os.strerror(reason)}"
        return count - int((tail - words[self._head]) & _WRAP)

    def _answer(self) -> tuple[list[int], list[int]]:
        """Whose writes are over, and how many bytes each took."""
        words = self._words
        start, end = words[self._answered], words[self._told]
        first, count = start % self._answers, (end - start) & _WRAP
        over = max(0, first + count - self._answers)
        which, taken = (
            view[first : first + count].tolist() + view[:over].tolist()
            for view in (self._which, self._taken)
        )
        words[self._answered] = end
        return which, taken

    def _in_order(self, count: int, begun: int, which: list[int], taken: list[int]) -> list[int]:
        """Answers by place, where some lack or came in another order."""
        answers = [UNKNOWN] * begun + [NOTHING_TAKEN] * (count - begun)
        for place, bytes_taken in zip(which, taken, strict=True):
            if place >= begun or answers[place] != UNKNOWN:
                self.broken = "io_uring answered for a write that nobody asked for"
            else:
                answers[place] = bytes_taken
        return answers

    def _judge(self, taken: list[int], size: int) -> None:
        """An answer that no write can have ends the ring's use."""
        if UNKNOWN in taken:
            self.broken = self.broken or "io_uring left a write unanswered"
        elif max(taken) > size or not _NO_SUCH_WAY.isdisjoint(taken):
            self.broken = self.broken or "io_uring gave an odd answer"
