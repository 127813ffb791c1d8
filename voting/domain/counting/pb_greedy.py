"""pb-greedy/1: a participatory budget spent from the most supported project down.

Projects that exclude each other, and shares per voter, are other rules.
"""

from voting.domain.counting.outcome import TIE_ORDER, Groups, Rule, Setting
from voting.domain.counting.totals import add_up

TEXT = (
    "A project's total is the number of ballots that choose it or, where ballots give points or "
    "scores, the sum of what they give it. Projects are taken one after another, the highest total "
    "first; of projects with equal totals, the one that comes first in the tie order. A project is "
    "selected if its cost is at most what is left of the parameter budget; a project that no "
    "longer fits is skipped and the next one is looked at. A project whose total is not more than "
    f"0 is never selected. Blank ballots are counted as cast and support no project. {TIE_ORDER}"
)


def spend(setting: Setting, groups: Groups, counted: int) -> tuple[list[str], dict[str, object]]:
    """The selected projects in the order taken, and what they cost together.

    ``spent`` never exceeds the budget.
    """
    totals = add_up(setting.options, groups, setting.method)
    budget = setting.number("budget", 0)
    selected: list[str] = []
    spent = 0
    for project in sorted(setting.options, key=lambda o: (-totals[o], setting.tie_rank[o])):
        cost = setting.costs.get(project, 0)
        if totals[project] > 0 and spent + cost <= budget:
            selected.append(project)
            spent += cost
    return selected, {"selected": list(selected), "spent": spent}


RULE = Rule("pb-greedy/1", ("budget-approval", "knapsack", "cumulative", "score"), TEXT, spend)
