"""What every template may say of the town and of the person reading."""

from django.conf import settings
from django.http import HttpRequest

from engage.identity.rules import may_organise


def town(request: HttpRequest) -> dict[str, object]:
    """Asks for the person only when a template does: an error page must not need a database.

    The ballot box has no cookies, so the page that frames it says the appearance in the address.
    """
    appearance = request.COOKIES.get("appearance") or request.GET.get("appearance", "")
    return {
        "town": settings.TOWN,
        "appearance": appearance if appearance in ("light", "dark") else "",
        "languages": settings.LANGUAGES,
        "may_organise": lambda: hasattr(request, "user") and may_organise(request.user),
    }
