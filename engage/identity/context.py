"""What every template may ask about the person reading."""

from django.http import HttpRequest

from engage.identity.rules import may_organise


def person(request: HttpRequest) -> dict[str, object]:
    """Asks for the person only when a template does: an error page must not need a database."""
    return {"may_organise": lambda: hasattr(request, "user") and may_organise(request.user)}
