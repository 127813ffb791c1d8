"""What ``/readyz`` tells beside *ready*: reports that the floors above bring themselves.

Deliberately absent: reports that fail. Whoever brings one answers, or the server is not ready.
"""

from collections.abc import Callable

Report = Callable[[], dict[str, object]]

_reports: dict[str, Report] = {}


def register(name: str, report: Report) -> None:
    """Show ``report()`` under ``name`` from now on. It may be asked from any thread."""
    _reports[name] = report


def reports() -> dict[str, object]:
    return {name: report() for name, report in _reports.items()}
