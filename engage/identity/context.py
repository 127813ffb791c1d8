"""What every template may ask about the person reading."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from engage.identity import rules


class Rights:
    """What the person may do here: ``{% if may.organise %}``. Asked for only by who needs it."""

    def __init__(self, request: HttpRequest) -> None:
        self._person = getattr(request, "user", None)

    def __getattr__(self, name: str) -> bool:
        questions = {
            "organise": rules.may_organise_anywhere,
            "work_here": rules.is_staff_of_any_kind,
            "moderate": rules.may_moderate,
            "check_people": rules.may_check_people_anywhere,
            "audit": rules.may_audit,
            "administer": rules.may_administer,
            "see_roles": rules.may_see_roles,
            "give_roles": rules.may_give_roles,
        }
        if name not in questions:
            raise AttributeError(name)
        return self._person is not None and questions[name](self._person)


def person(request: HttpRequest) -> dict[str, object]:
    """Asks for the person only when a template does: an error page must not need a database."""
    return {"may": SimpleLazyObject(lambda: Rights(request))}
