"""What is kept of moderating: what waits, why, who decided what for which reason, and appeals.

The texts themselves stay with the app in which they were written (``engage.moderation.writings``).
Rows of what was decided are added, never changed or deleted.
"""

from engage.moderation.models.decisions import Appeal, Decision, Remark, Sanction
from engage.moderation.models.items import Flag, Item, Signal
from engage.moderation.models.lists import Promise, Reason, Word

__all__ = [
    "Appeal",
    "Decision",
    "Flag",
    "Item",
    "Promise",
    "Reason",
    "Remark",
    "Sanction",
    "Signal",
    "Word",
]
