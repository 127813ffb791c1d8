"""The words in which ``tests/rights.py`` says who is answered what: outcomes, policies, people.

Deliberately absent: any route.
"""

from tests.filled_town import PEOPLE

OPEN = "open"  # let through: shown, done, or told what is missing in it
SIGN_IN = "sign-in"  # led to where one signs in
FRESH = "fresh"  # led to sign in again, as that was too long ago
FORBIDDEN = "forbidden"  # told that it is not theirs
HIDDEN = "hidden"  # told that there is nothing

Policy = dict[str, str]
STRANGERS = ("anonymous", "participant")


def only(*people: str, strangers: str = SIGN_IN, others: str = FORBIDDEN) -> Policy:
    """``people`` are let through; who is not signed in and everybody else hear something else."""
    rest = dict.fromkeys(PEOPLE, others) | dict.fromkeys(STRANGERS, strangers)
    return rest | dict.fromkeys(people, OPEN)


def but(policy: Policy, **outcomes: tuple[str, ...]) -> Policy:
    """``policy`` with another outcome for some: ``but(X, hidden=("resident",))``."""
    changed = {person: outcome for outcome, people in outcomes.items() for person in people}
    return policy | {person: outcome.replace("_", "-") for person, outcome in changed.items()}


def page(policy: Policy) -> dict[str, Policy]:
    return {"GET": policy}


def deed(policy: Policy) -> dict[str, Policy]:
    return {"POST": policy}


def form(policy: Policy) -> dict[str, Policy]:
    return {"GET": policy, "POST": policy}


ALL = dict.fromkeys(PEOPLE, OPEN)
MEMBERS = only(*[person for person in PEOPLE if person not in STRANGERS])
ORGANISERS = ("organiser-here", "organiser-elsewhere", "operator")
HERE = ("organiser-here", "operator")
ADMINISTRATORS = ("administrator", "operator")
STAFF = (
    "moderator-here", "moderator-elsewhere", "organiser-here", "organiser-elsewhere", "officer",
    "officer-elsewhere", "auditor", "administrator", "administrator-elsewhere", "operator",
)  # fmt: skip
OPERATOR = only("operator", strangers=SIGN_IN, others=SIGN_IN)
