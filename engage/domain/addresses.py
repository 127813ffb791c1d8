"""Whose address a connection counts for, and which addresses count as one.

No names are looked up, and nothing is kept: an address is only ever a key to count by.
"""

import ipaddress
from collections.abc import Sequence

_NETWORK = 64  # an IPv6 household or school has at least a /64 (RFC 6177)


def client_address(peer: str, forwarded: Sequence[str], proxies: int) -> str:
    """The address behind ``proxies`` trusted ones: that many entries from the right.

    ``forwarded`` are the X-Forwarded-For headers, in order; each proxy appends whom it saw, and
    all further left is only what somebody claims. Without trusted proxies, or if one of them was
    passed by, it is the ``peer`` itself.

    >>> client_address("10.0.0.2", ["6.6.6.6, 203.0.113.9"], 1)
    '203.0.113.9'
    >>> client_address("10.0.0.2", ["6.6.6.6"], 0)
    '10.0.0.2'
    """
    entries = [entry.strip() for header in forwarded for entry in header.split(",")]
    if not 0 < proxies <= len(entries):
        return peer
    claimed = entries[-proxies]
    return claimed if _parsed(claimed) else peer


def counted_as(address: str) -> str:
    """One key for all that one household can call itself: an IPv4 address, an IPv6 /64.

    Empty for what is not an address, such as a socket in the file system: nobody to count.

    >>> counted_as("::ffff:203.0.113.9"), counted_as("2001:db8::7")
    ('203.0.113.9', '2001:db8::/64')
    """
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(found), _NETWORK), strict=False))
    return "" if found is None else str(found)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
