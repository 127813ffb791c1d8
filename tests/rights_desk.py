"""Who is answered what at the moderators' desk, for texts of one area, and who may follow it.

Deliberately absent: the desk's lists and its public side (``tests/rights_moderation.py``).
"""

from tests.policies import HIDDEN, but, deed, form, only, page

DESK = only("moderator-here", "moderator-elsewhere", "operator")
OF_HERE = but(DESK, hidden=("moderator-elsewhere",))
FOLLOWED = only("moderator-here", "operator", strangers=HIDDEN, others=HIDDEN)
TOWN_S = only("operator", strangers=HIDDEN, others=HIDDEN)

AT_THE_DESK = {
    "desk": page(DESK),
    "desk-item": page(OF_HERE),
    "desk-claim": deed(OF_HERE),
    "desk-let-go": deed(OF_HERE),
    "desk-decide": deed(OF_HERE),
    "desk-remark": deed(OF_HERE),
    "desk-together": deed(DESK),  # texts of elsewhere are left out
    "desk-appeals": page(DESK),
    "desk-appeal": form(OF_HERE),
    "desk-person": page(OF_HERE),
    "desk-lift": deed(OF_HERE),
    "live@desk-here": page(FOLLOWED),
    "live@desk-town": page(TOWN_S),
}
DESK_TOPICS = {"desk@desk-here": FOLLOWED, "desk@desk-town": TOWN_S}
