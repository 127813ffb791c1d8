"""A real socket of every sort of person to a topic of every kind: let in as is written, or not."""

import pytest
from channels.db import database_sync_to_async

from realtime.codes import Code
from tests import rights
from tests.filled_town import PEOPLE, filled
from tests.realtime.conftest import connect, layer, meetings  # noqa: F401  fixtures


@pytest.mark.adversary("D1", "B9")
async def test_sockets_are_let_in_as_written(connect, transactional_db):  # noqa: F811
    town = await database_sync_to_async(filled)()
    wrong = {}
    for person in PEOPLE:
        cookie = town.clients[person].cookies.get("sessionid")
        for entry, policy in rights.TOPICS.items():
            name = town.variants[entry.partition("@")[2]]["name"]
            socket = await connect(f"{name}:0", cookie=cookie.value if cookie else "")
            event = await socket.receive_output()
            let_in = event["type"] == "websocket.send"
            if let_in != (policy[person] == rights.OPEN):
                wrong[entry, person] = event
            if not let_in:
                assert event == {"type": "websocket.close", "code": Code.NOT_YOURS}
    assert wrong == {}
