"""The names under which the desk tells its news: one of each area, and one of the whole town.

An area's name is a digest of its path: topics hold no slashes. Deliberately absent: who may listen.
"""

from hashlib import sha256

KIND = "desk"
TOWN = "town"


def desk_topic_of(area_path: str) -> str:
    """The topic of one area; of the whole town for an empty path.

    >>> desk_topic_of("")
    'desk.town'
    """
    if not area_path:
        return f"{KIND}.{TOWN}"
    return f"{KIND}.a{sha256(area_path.encode()).hexdigest()[:31]}"


def desk_topics(area_path: str) -> list[str]:
    """Where news of a text in this area are told: the whole town first, then down to the area.

    Whoever tells several keeps this order, so that two who tell never wait for each other.

    >>> len(desk_topics("town/district/ward"))
    4
    """
    parts = area_path.split("/") if area_path else []
    paths = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    return [desk_topic_of(path) for path in paths]
