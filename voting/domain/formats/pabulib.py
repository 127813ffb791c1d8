"""Pabulib's .pb files: participatory budgets with every ballot (pabulib.org, format).

The city's own ``selected``, ``votes`` and ``score`` columns are not read: the count makes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voting.domain.choices import check_choice
from voting.domain.formats.amounts import amount, decimals_needed, in_units
from voting.domain.formats.election import Election, ElectionError
from voting.domain.formats.naming import clean, different, option_ids, title_of_file
from voting.domain.formats.tables import Row, Tables, read_tables
from voting.domain.formats.votes import Votes, read_votes
from voting.domain.refusal import Refusal


@dataclass(frozen=True)
class _Money:
    """Amounts in units of 10^-``decimals``, and whether a ballot may spend the budget at most."""

    decimals: int
    budget: int
    costs: list[int]
    binds_ballots: bool


def read_pabulib(name: str, text: str) -> Election:
    """A participatory budget, to be counted by ``pb-greedy/1`` whatever rule the city used.

    Approvals become ``budget-approval``, or ``knapsack`` where the file's ``max_sum_cost`` is the
    budget and every ballot keeps to it. Points become ``cumulative``; so do rankings by Borda's
    count, and scores unless some are below 0: those stay ``score``. Raises ElectionError.
    """
    tables = read_tables(text)
    meta = {row.cell("key").lower(): row.cell("value") for row in tables["META"]}
    projects = _projects(tables)
    sources = [row.cell("project_id") for row in projects]
    ids = option_ids(sources)
    money = _money(meta, projects)
    votes = read_votes(tables["VOTES"], dict(zip(sources, ids, strict=True)), meta)
    params = votes.params | {"budget": money.budget}
    return Election(
        title=clean(meta.get("description", "")) or title_of_file(name),
        method=_method(votes, params, money, ids),
        rule="pb-greedy/1",
        params=params,
        options=list(zip(ids, _titles(projects), money.costs, strict=True)),
        ballots=[(choice, 1) for choice in votes.choices],
        names=dict(zip(ids, _titles(projects, most=1_000), strict=True)),
        source_ids=dict(zip(ids, sources, strict=True)),
        decimals=money.decimals,
        remarks=votes.remarks + _remarks(meta),
    )


def _projects(tables: Tables) -> Sequence[Row]:
    projects = tables["PROJECTS"]
    if not projects:
        raise ElectionError("The file lists no projects.")
    seen: set[str] = set()
    for row in projects:
        project = row.cell("project_id")
        if not project or project in seen:
            problem = f"The project_id “{project[:40]}” stands twice." if project else None
            raise ElectionError(problem or "A project has no project_id.", line=row.line)
        seen.add(project)
    return projects


def _titles(projects: Sequence[Row], **limit: int) -> list[str]:
    named = (clean(row.cell("name"), **limit) for row in projects)
    sources = (clean(row.cell("project_id"), **limit) for row in projects)
    return different(n or s or "Project" for n, s in zip(named, sources, strict=True))


def _money(meta: Mapping[str, str], projects: Sequence[Row]) -> _Money:
    if not meta.get("budget"):
        raise ElectionError("META does not say the budget.")
    budget = amount(meta["budget"])
    limit = amount(meta["max_sum_cost"]) if meta.get("max_sum_cost") else None
    costs = [amount(row.cell("cost"), line=row.line) for row in projects]
    decimals = decimals_needed([budget, *costs])
    units = [in_units(cost, decimals) for cost in costs]
    return _Money(decimals, in_units(budget, decimals), units, limit == budget)


def _remarks(meta: Mapping[str, str]) -> list[str]:
    """Where the city's own rule was another than the one that will count here."""
    rule = clean(meta.get("rule", ""), most=40)
    threshold = clean(meta.get("min_project_score_threshold", ""), most=40)
    remarks = [f"The city counted by the rule “{rule}”."] if rule not in ("", "greedy") else []
    if threshold:
        remarks.append(f"The city also asked for a total of at least {threshold}.")
    return remarks


def _method(
    votes: Votes, params: Mapping[str, object], money: _Money, options: Sequence[str]
) -> str:
    if votes.method != "budget-approval" or not money.binds_ballots:
        return votes.method
    costs = dict(zip(options, money.costs, strict=True))
    try:
        for choice in votes.choices:
            check_choice(choice, method="knapsack", params=params, options=options, costs=costs)
    except Refusal:
        return votes.method
    return "knapsack"
