"""plurality/1: the option that most ballots name wins.

Thresholds and quorums of yes/no questions are another rule.
"""

from voting.domain.counting.outcome import TIE_ORDER, Groups, Rule, Setting
from voting.domain.counting.totals import add_up

TEXT = (
    "Every ballot names one option or is blank. An option's total is the number of ballots that "
    "name it. The option with the highest total wins; where the parameter seats is more than 1, "
    "that many options with the highest totals win. Of options with equal totals, the one that "
    "comes first in the tie order stands higher. An option without a vote never wins. Blank "
    f"ballots are counted as cast and support no option. {TIE_ORDER}"
)


def most_supported(
    setting: Setting, groups: Groups, counted: int
) -> tuple[list[str], dict[str, object]]:
    """The ``seats`` options with the highest totals, best first, and every option's total."""
    totals = add_up(setting.options, groups, setting.method)
    order = sorted(setting.options, key=lambda o: (-totals[o], setting.tie_rank[o]))
    winners = [option for option in order if totals[option] > 0]
    return winners[: setting.number("seats", 1)], {"totals": totals}


RULE = Rule("plurality/1", ("plurality", "yesno"), TEXT, most_supported)
