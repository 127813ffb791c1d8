"""Where everything that people wrote is shown, and who looks at it there.

Deliberately absent: what is shown by sending something; journeys do that.
"""

SOME = 5
TABLES = (
    "forums/category", "forums/thread", "identity/user", "identity/area", "identity/rolegrant",
    "web/town", "web/text",
    *(f"moderation/{name}" for name in
      "item flag signal decision appeal remark sanction reason word".split()),
)  # fmt: skip
ROWS = {"forums/thread": 4, "moderation/word": 6, "forums/category": 6, "moderation/reason": 3}
"""How many pages the operators' lists have that show words of people."""


def screens(filled: dict) -> list[tuple[str, str]]:
    """Whose page, and its address; pages of a list lead on by themselves."""
    found = {"": _of_everybody(filled), "anna": _of_anna(filled), "mora": _of_the_desk(filled)}
    found["olga"] = ["/office/", "/office/categories/", "/office/roles/", "/office/town/",
                     "/office/texts/", "/office/texts/house-rules/en/", "/office/areas/",
                     f"/desk/reasons/{filled['reasons'][0]}/",
                     f"/threads/{filled['thread']}/official/"]  # fmt: skip
    found["orga"] = [f"/polls/{filled['polls']['draft']}/{page}/" for page in ("edit", "manage")]
    found["orga"] += [f"/polls/{key}/manage/" for key in filled["polls"].values()]
    found["oper"] = [f"/admin/{table}/" for table in TABLES]
    found["oper"] += [f"/admin/{t}/?p={n}" for t, last in ROWS.items() for n in range(1, last)]
    return [(who, path) for who, paths in found.items() for path in paths]


def _of_everybody(filled: dict) -> list[str]:
    places = [f"/forum/{slug}/" for slug in filled["places"]]
    kept = [key for state, key in filled["polls"].items() if state != "draft"]
    return [
        "/", "/polls/", "/forum/", f"/forum/{filled['place']}/", f"/threads/{filled['thread']}/",
        "/moderation/", "/pages/house-rules/", "/pages/house-rules/versions/", "/register/",
        *places, *(f"{place}feed/" for place in places), "/forum/feed/",
        f"/threads/{filled['thread']}/feed/", *(f"/polls/{key}/" for key in kept),
        *(f"/forum/search/?q={word}" for word in ("script", "evil")),
    ]  # fmt: skip


def _of_anna(filled: dict) -> list[str]:
    thread, place, post = filled["thread"], filled["place"], filled["post"]
    return [
        f"/posts/{post}/more/", f"/posts/{post}/history/", "/you/",
        *(f"/you/{name}/" for name in ("drafts", "forum", "decisions", "mail", "data")),
        *(f"/you/data/{name}/" for name in ("name", "claims", "consents")),
        *(f"/you/decisions/{key}/" for key in filled["decisions"][:SOME]),
        f"/forum/{place}/new/", f"/threads/{thread}/reply/?to={post}",
    ]  # fmt: skip


def _of_the_desk(filled: dict) -> list[str]:
    thread, items = filled["thread"], filled["items"]
    return [
        "/desk/", "/desk/appeals/", *(f"/desk/{key}/" for key in items[:3]),
        *(f"/desk/appeals/{key}/" for key in filled["appeals"][:SOME]),
        f"/desk/people/{filled['anna-key']}/", "/desk/reasons/", "/desk/promise/",
        *(f"/desk/words/?page={n}" for n in range(1, 7)),
        f"/threads/{thread}/tend/", f"/threads/{thread}/turn/", f"/flag/post/{filled['first']}/",
    ]  # fmt: skip
