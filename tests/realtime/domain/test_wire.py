import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, Protocol
from websockets.streams import StreamReader

from realtime.domain import envelope
from realtime.domain.wire import text_frame

payloads = st.one_of(
    st.text().map(str.encode),
    st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536, 65_537]).map(bytes),
)


@given(payloads)
def test_a_frame_is_what_another_library_writes(payload):
    """``websockets`` never writes a length longer than it need be (RFC 6455 section 5.2)."""
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@given(st.lists(st.text(), max_size=5), st.integers(1, 50))
@example(["x" * 125, "x" * 126, "x" * 65_536], 7)
def test_a_reader_gets_each_message_however_the_stream_is_cut(texts, step):
    stream = b"".join(text_frame(text.encode()) for text in texts)
    reader = Protocol(CLIENT)
    for start in range(0, len(stream), step):
        reader.receive_data(stream[start : start + step])
    events = [event for event in reader.events_received() if isinstance(event, Frame)]
    assert [bytes(event.data).decode() for event in events] == texts
    assert all(event.opcode is Opcode.TEXT and event.fin for event in events)
    assert reader.parser_exc is None


@pytest.mark.parametrize(
    "frame",
    [
        envelope.mark("thread.7", 3),
        envelope.reset("thread.7", 3),
        envelope.gauge("poll.1", "tally", 2, {"ballots": 7}),
        envelope.fact("poll.1", 3, "poll.opened", {"title": "Straße 🌳" * 40}),
    ],
    ids=["mark", "reset", "gauge", "fact"],
)
def test_a_message_is_the_same_for_a_server_and_on_the_wire(frame):
    reader = StreamReader()
    reader.feed_data(frame.wire)
    parsed = parse(Frame.parse(reader.read_exact, mask=False))
    assert bytes(parsed.data).decode() == frame.text == frame.message["text"]


def parse(steps) -> Frame:
    """Run the library's parser over bytes that are all there."""
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    raise AssertionError("The frame is not complete.")
