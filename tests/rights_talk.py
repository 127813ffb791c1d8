"""Who is answered what about threads and posts, in places for everybody, for members and for staff.

Deliberately absent: the desk, and decisions on texts (``tests/rights_moderation.py``).
"""

from tests.policies import (
    ADMINISTRATORS,
    ALL,
    HERE,
    HIDDEN,
    MEMBERS,
    STAFF,
    STRANGERS,
    but,
    deed,
    form,
    only,
    page,
)

AUTHOR = only("author", others=HIDDEN)
TENDERS = only("moderator-here", *HERE)
SPEAKERS = only("organiser-here", "officer", "administrator", "operator")
STAFF_ONLY = only(*STAFF, strangers=HIDDEN, others=HIDDEN)
MEMBERS_ONLY = but(ALL, hidden=STRANGERS)
# What is not shown is there for its author and the moderators of the place; removed, for them only.
UNSHOWN = only("author", "moderator-here", "operator", strangers=HIDDEN, others=HIDDEN)
REMOVED = but(UNSHOWN, hidden=("author",))
RETURNED = only("author", others=HIDDEN)

TALK = {
    "forum": page(ALL),
    "category": page(ALL),
    "category@account": page(MEMBERS_ONLY),
    "category@staff": page(STAFF_ONLY),
    "thread-new": form(MEMBERS),
    "thread-new@staff": form(STAFF_ONLY),
    "thread": page(ALL),
    "thread@account": page(MEMBERS_ONLY),
    "thread@staff": page(STAFF_ONLY),
    "reply": form(MEMBERS),
    "reply@staff": form(STAFF_ONLY),
    "thread-writing": deed(but(MEMBERS, forbidden=STRANGERS)),  # a script's
    "thread-official": form(SPEAKERS),
    "thread-tend": form(TENDERS),
    "thread-turn": form(TENDERS),
    "thread-follow": deed(MEMBERS),
    "thread-read": deed(MEMBERS),
    "thread-names": page(MEMBERS),
    "post": page(ALL),
    "post@account": page(MEMBERS_ONLY),
    "post@staff": page(STAFF_ONLY),
    "post-more": page(ALL),
    "post-more@staff": page(STAFF_ONLY),
    "post-more@held": page(UNSHOWN),
    "post-more@returned": page(UNSHOWN),
    "post-more@hidden": page(UNSHOWN),
    "post-more@removed": page(REMOVED),
    "post-edit": form(AUTHOR),
    "post-edit@returned": form(RETURNED),
    "post-history": page(ALL),
    "post-history@hidden": page(UNSHOWN),
    "post-react": deed(MEMBERS),
    "post-preview": deed(MEMBERS),
    "drafts": page(MEMBERS),
    "draft": deed(MEMBERS),
    "your-forum": page(MEMBERS),
    "forum-search": page(ALL),
    "forum-feed": page(ALL),
    "category-feed": page(ALL),
    "category-feed@account": page(dict.fromkeys(ALL, HIDDEN)),
    "thread-feed": page(ALL),
    "thread-feed@account": page(dict.fromkeys(ALL, HIDDEN)),
    "picture": page(ALL),
    "picture@account": page(MEMBERS_ONLY),
    "picture@staff": page(STAFF_ONLY),
    "picture-new": deed(MEMBERS),
    "office-categories": page(only(*ADMINISTRATORS, "administrator-elsewhere")),
    "office-category-new": form(only(*ADMINISTRATORS, "administrator-elsewhere")),
    "office-category": form(only(*ADMINISTRATORS)),
    "live@everyone": page(ALL),
    "live@account": page(MEMBERS_ONLY),
    "live@staff": page(STAFF_ONLY),
}

TALK_TOPICS = {
    "thread@everyone": ALL,
    "thread@account": MEMBERS_ONLY,
    "thread@staff": STAFF_ONLY,
}
