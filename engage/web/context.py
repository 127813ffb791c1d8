"""What every template may say of the town and of the person reading."""

from django.conf import settings
from django.http import HttpRequest

from engage.identity.rules import may_organise


def town(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    return {
        "town": settings.TOWN,
        "appearance": request.COOKIES.get("appearance", ""),
        "languages": settings.LANGUAGES,
        "may_organise": user is not None and may_organise(user),
    }
