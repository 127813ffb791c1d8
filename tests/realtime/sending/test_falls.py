"""When the faster way breaks, the process goes on by the next one, and no frame suffers."""

import pytest
from websockets.frames import Opcode
from websockets.sync.client import connect

from tests.realtime.sending.served import Room, needs_ring


@pytest.fixture
def ring(hall):
    """A room spoken to by a ring of four entries, fresh, and gone at the end."""
    room = Room(hall, 2)
    yield room
    for reader in room.readers:
        reader.close()
    hall("renew", level=2)


@needs_ring
def test_a_ring_serves_more_sockets_than_it_has_entries(ring):
    readers = [ring.enter(narrow=n % 3 == 0) for n in range(11)]
    readers[3].stall()
    for _ in range(20):
        ring.speak(300, 70_000)
    ring.until_heard(*readers)
    assert ring.speak(1)["level"] == 2


@needs_ring
def test_a_ring_that_breaks_between_two_frames_loses_and_doubles_nothing(ring):
    readers = [ring.enter() for _ in range(6)]
    assert ring.speak(300)["level"] == 2
    ring.hall("smash", level=2)
    told = ring.speak(300)
    assert (told["level"], told["missed"]) == (1, [[]])
    assert told["reason"].startswith("io_uring stopped")
    ring.until_heard(*readers)


@needs_ring
def test_a_socket_whose_write_was_never_answered_is_ended(ring):
    """Half a frame may be on it; its reader comes back and is told everything again."""
    readers = [ring.enter() for _ in range(3)]
    ring.speak(300)
    ring.hall("hush", level=2)
    assert ring.speak(300)["level"] == 1
    ring.until_heard(*readers[:2])
    readers[2].until(lambda: readers[2].ended)
    assert readers[2].numbers in ([0], [0, 1])


@needs_ring
def test_a_sender_that_ends_gives_back_all_descriptors(hall):
    hall("speak", room="nobody", level=2, sizes=[1])
    before = hall("open_descriptors")
    for _ in range(5):
        hall("renew", level=2)
        assert hall("speak", room="nobody", level=2, sizes=[1])["level"] == 2
    assert hall("open_descriptors") <= before  # readers of other tests may still be leaving


def test_nothing_follows_a_goodbye(room):
    """RFC 6455 section 5.5.1: after a Close frame no other is sent."""
    left, other = room.enter(), room.enter()
    room.speak(300)
    room.hall("shut", room=room.name, seat=left.seat)
    room.speak(300, 300)
    left.until(lambda: Opcode.CLOSE in [opcode for opcode, _ in left.frames])
    room.speak(300)
    room.until_heard(other)
    assert [opcode for opcode, _ in left.frames][-1] is Opcode.CLOSE
    assert left.numbers == [0]


def test_plain_frames_are_read_among_compressed_ones(halls):
    """RFC 7692 section 6: whoever may compress a message need not."""
    hall, room = halls("uvicorn"), "compressed"
    with connect(f"ws://127.0.0.1:{hall.plain}/ws?{room}", compression="deflate") as reader:
        assert "permessage-deflate" in reader.response.headers["Sec-WebSocket-Extensions"]
        assert '"seat":0' in reader.recv(timeout=30)
        for number in range(9):
            hall("speak", room=room, level=number % 3, sizes=[500], first=number)
        assert [f'"v":{n},' in reader.recv(timeout=30) for n in range(9)] == [True] * 9
