"""approval/1: the option that most ballots approve of wins.

Budgets are another rule: here options cost nothing.
"""

from voting.domain.counting.outcome import TIE_ORDER, Rule
from voting.domain.counting.plurality import most_supported

TEXT = (
    "Every ballot approves of as many options as it likes, up to the parameter max_approvals "
    "where that is set. An option's total is the number of ballots that approve of it. The option "
    "with the highest total wins; where the parameter seats is more than 1, that many options with "
    "the highest totals win. Of options with equal totals, the one that comes first in the tie "
    "order stands higher. An option without a vote never wins. Blank ballots are counted as cast "
    f"and support no option. {TIE_ORDER}"
)
RULE = Rule("approval/1", ("approval",), TEXT, most_supported)
