"""Check a poll's published record: an independent second opinion, ``python -m voting.verify``.

Shares no line with the server's code and needs nothing but the standard library; it never writes
a file and never talks to a network.
"""
