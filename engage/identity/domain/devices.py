"""What a browser calls itself, in the few words by which people know their own devices again.

Deliberately absent: versions, models and languages, which would tell one device from all others.
"""

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device(user_agent: str) -> str:
    """Browser and system, as ``Firefox, Linux``; empty where neither is known.

    The order of the tables decides: most browsers also claim to be their ancestors.

    >>> device("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    found = (next((name for sign, name in table if sign in user_agent), "")
             for table in (BROWSERS, SYSTEMS))  # fmt: skip
    return ", ".join(name for name in found if name)
