"""Which letters of other scripts look like which plain one, for counting look-alikes together.

Deliberately absent: any judgement. Two who merely look alike are two people; they only share a
counter of tries.
"""

import unicodedata
from collections.abc import Iterable

_LIKE = {
    "+": "᛭➕\U0001029b",
    "-": "˗‐‒–—⁃−➖ⲻ",
    ".": "۰ꓸ꘎\U0001d16d",
    "2": "ƨϩᒿꙅꛯꝛ",
    "3": "ȝɜʒзӡⳍꝫ\U000118ca\U00016f3b\U0001d206",
    "4": "Ꮞ\U000118cf",
    "5": "\U000118db",
    "6": "бᏮⳓ\U000118d5",
    "7": "\U000104fa\U000118c6\U0001d212",
    "8": "ȣ৪੪ଃ\U0001031a",
    "9": "৭੧୨൭ⳋꝯ\U000118cc\U000118d6",
    "a": "ɑαаᎪᗅ⍺ꓮ\U000102a0\U00016f40",
    "b": "ƅβвьᏏᏴᑲᖯᗷꓐꞵ\U00010282\U000102a1\U00010301",
    "c": "σсᏟᴄⲥꓚ\U000102a2\U00010302\U0001043d\U0001051c\U000118e9\U000118f2\U0001f74c",
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓ",
    "e": "εеҽᎬ℮⋿ⴹꓰꬲ\U00010286\U000118ce",
    "f": "ϝքᖴẝꓝꞙꬵ\U00010287\U000102a5\U00010525\U000118c2\U0001d213",
    "g": "ƍɡԍցᏀᏳᶃꓖ",
    "h": "ηнһհᎻᏂᕼⲏꓧ\U000102cf",
    "j": "ʝϳјᎫᒍꓙ",
    "k": "κкᏦᛕⲕꓗ\U00010518",
    "l": "اןוߊ׀١۱ıǀɩɪιіӏᎥᏞᒪᛁ∣⍳⏽│ⲓⳑⵏꓡꓲꙇ\U0001028a\U00010309\U00010320"
    "\U00010443\U00010526\U000118c3\U000118d2\U00016f16\U00016f28\U0001d22a",
    "m": "μϻмᎷᗰᛖⲙꓟ\U000102b0\U00010311",
    "n": "ոռⲛꓠ\U00010513",
    "o": "סهھہە߀٥οоօ۵०০੦૦ଠ୦௦ం౦ಂ೦ംഠ൦ං๐໐ဝ၀ჿዐᴏᴑⲟⵔ〇"
    "ꓳꬽ\U00010292\U000102ab\U0001042c\U000104ea\U00010516\U000114d0\U000118c8\U000118d7\U000118e0",
    "p": "ρрᏢᑭ⍴ⲣꓑ\U00010295",
    "q": "ԛգզⵕ",
    "r": "ʀгᎡᎱᏒᖇᴦⲅꓣꭇꭈ\U000104dc\U00016f35\U0001d216",
    "s": "ƽѕտᏕᏚꓢꜱ\U00010296\U00010448\U000118c1\U00016f3a",
    "t": "τтᎢ⊤⟙ⲧꓔ\U00010297\U000102b1\U00010315\U00016f0a\U0001f768",
    "u": "ʋυսሀᑌᴜ∪⋃ꓴꞟꭎꭒ\U000104f6\U000118d8\U00016f42",
    "v": "ט٧νѵ۷Ꮩᐯᴠ∨⋁ⴸꓦꛟ\U0001051d\U00011706\U000118c0\U00016f08\U0001d20d",
    "w": "ɯѡԝաᎳᏔᴡꓪ\U0001170a\U0001170e\U0001170f\U000118e6\U000118ef",
    "x": "×χхᕁᕽ᙭᙮ᚷ╳⤫⤬⨯ⲭⵝꓫꭓ\U00010290\U000102b4\U00010317\U00010322\U00010527\U000118ec",
    "y": "ɣʏγуүყᎩᎽᶌỿⲩꓬꭚ\U000102b2\U000118dc\U00016f43",
    "z": "ζᏃᴢꓜ\U000102f5\U000118c4\U000118c9\U000118e5",
}

_PLAIN = str.maketrans(
    {letter: plain for plain, letters in _LIKE.items() for letter in letters}
    | {"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", "w": "vv", "æ": "ae", "œ": "oe"}
)
_MARKS = ("Mn", "Me")
_UNSEEN = (*_MARKS, "Cf", "Cc", "Zs")  # accents, invisible characters, blanks
_TITLES = (
    "admin administrator administratorin administration moderator moderators moderatorin "
    "moderation operator operatorin webmaster official offiziell council stadtverwaltung"
).split()
"""Words that are no surnames: beside a name they say that somebody works for the town."""


def skeleton(text: str) -> str:
    """What ``text`` looks like, written in one way; equal for texts that look alike.

    Idempotent. After the idea of UTS 39 section 4, for the letters of names and addresses.

    >>> skeleton("Аdmin"), skeleton("ａｄrníｎ\\u200b")
    ('adrnln', 'adrnln')
    """
    # Marks go first: to put a heap of them in order takes the square of its size.
    bare = "".join(c for c in text if unicodedata.category(c) not in _MARKS)
    folded = unicodedata.normalize("NFKC", bare).casefold().translate(_PLAIN)
    apart = unicodedata.normalize("NFKD", folded)
    seen = "".join(c for c in apart if unicodedata.category(c) not in _UNSEEN)
    again = unicodedata.normalize("NFKC", seen).casefold().translate(_PLAIN)
    return again if again == text else skeleton(again)


def resembles_office(name: str, offices: Iterable[str]) -> bool:
    """Whether ``name`` could be taken for one of ``offices``, or for somebody who works there.

    It looks like one, with or without numbers, blanks and signs; it has one of several words in it;
    or a title stands in it that nobody has for a surname.

    >>> offices = ["Mayor", "Town Council"]
    >>> posers = ("Mаyor 2", "Town Councíl, Parks", "Moderator Ann")
    >>> [resembles_office(name, offices) for name in posers]
    [True, True, True]
    >>> [resembles_office(name, offices) for name in ("Ann Mayor", "Ann Town", "")]
    [False, False, False]
    """
    looks = _look_of_words(name)
    wanted = [each for each in map(_look_of_words, offices) if each]
    if "".join(looks) in {"".join(each) for each in wanted}:
        return True
    rows = [f" {' '.join(each)} " for each in wanted if len(each) > 1]
    here = f" {' '.join(looks)} "
    return any(row in here for row in rows) or not _TITLE_LOOKS.isdisjoint(looks)


def _look_of_words(name: str) -> list[str]:
    spelled = unicodedata.normalize("NFKC", name)
    parts = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in spelled).split()
    looks = (skeleton(part.rstrip("0123456789")) for part in parts)
    return [look for look in looks if look]


_TITLE_LOOKS = frozenset(map(skeleton, _TITLES))


def mailbox(address: str) -> str:
    """One key for the spellings and look-alikes of an e-mail address; what follows a + is dropped.

    >>> mailbox("Ann+news@Bücher.example.") == mailbox("ann@xn--bcher-kva.example")
    True
    """
    local, _at, domain = unicodedata.normalize("NFKC", address).strip().rpartition("@")
    return f"{skeleton(local.partition('+')[0])}@{skeleton(_written(domain))}"


def _written(domain: str) -> str:
    try:
        return domain.casefold().rstrip(".").encode("idna").decode("idna")
    except UnicodeError:
        return domain
