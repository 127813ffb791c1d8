"""A voter's client, written from the protocol page: the same one that runs in the browser.

No Django: it knows a server only by its addresses. ``python -m voting.client --help``.
"""

from voting.client.log import LogReader
from voting.client.receipts import Receipt, check_promise
from voting.client.voter import Voter

__all__ = ["LogReader", "Receipt", "Voter", "check_promise"]
