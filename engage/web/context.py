"""What every template may say of the town and of how the page is read."""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from engage.web.town import present_town


def town(request: HttpRequest) -> dict[str, object]:
    """The town; the appearance chosen, which the cookie-less ballot box reads from the address."""
    try:
        appearance = request.COOKIES.get("appearance") or request.GET.get("appearance", "")
    except SuspiciousOperation:  # an address with too much in it; its error page is drawn here too
        appearance = ""
    return {
        "town": SimpleLazyObject(present_town),
        "appearance": appearance if appearance in ("light", "dark") else "",
        "languages": settings.LANGUAGES,
    }
