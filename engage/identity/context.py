"""What every template may ask about the person reading."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from engage.identity import rules
from engage.identity.participants import ASKING_KEY, earlier_key, forget_participation
from engage.identity.second_factor import lacks_second_factor
from engage.identity.services.moving import left_behind


class Rights:
    """What the person may do here: ``{% if may.organise %}``. Asked for only by who needs it."""

    def __init__(self, request: HttpRequest) -> None:
        self._person = getattr(request, "user", None)

    def __getattr__(self, name: str) -> bool:
        questions = {
            "organise": rules.may_organise_anywhere,
            "work_here": rules.is_staff_of_any_kind,
            "moderate": rules.may_moderate,
            "see_desk": rules.may_moderate_anywhere,
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
    return {
        "earlier": SimpleLazyObject(lambda: was_here_before(request)),
        "may": SimpleLazyObject(lambda: Rights(request)),
        "must_have_second_factor": SimpleLazyObject(lambda: lacks_second_factor(request.user)),
    }


def was_here_before(request: HttpRequest) -> bool:
    """Whether to ask what becomes of what this browser did before; looked up once a session."""
    if not getattr(request, "user", None) or (key := earlier_key(request)) is None:
        return False
    if not request.session.get(ASKING_KEY):
        if not left_behind(key=key, person=request.user):
            forget_participation(request)
            return False
        request.session[ASKING_KEY] = True
    return True
