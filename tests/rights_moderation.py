"""Who is answered what about moderating: the lists, one's own decisions, what everybody sees.

Deliberately absent: the desk itself, and anything but addresses of ``engage.moderation``.
"""

from tests.policies import ADMINISTRATORS, ALL, HIDDEN, MEMBERS, deed, form, only, page

LISTS = only(*ADMINISTRATORS)  # and moderators of the whole town, of whom there is none here
AUTHOR = only("resident", others=HIDDEN)  # whose text was decided on
MODERATION = {
    "desk-reasons": page(LISTS),
    "desk-reason-new": form(LISTS),
    "desk-reason": form(LISTS),
    "desk-reason-use": deed(LISTS),
    "desk-reason-move": deed(LISTS),
    "desk-words": form(LISTS),
    "desk-words-try": deed(LISTS),
    "desk-word-remove": deed(LISTS),
    "desk-promise": form(LISTS),
    "flag": form(MEMBERS),
    "your-decisions": page(MEMBERS),
    "your-decision": form(AUTHOR),
    "moderation": page(ALL),
    "moderation-limits": page(ALL),
    "moderation-figures": page(ALL),
    "moderation-csv": page(ALL),
}
