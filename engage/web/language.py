"""Which language a page speaks: the address first, then the person's choice, then the browser's."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, plus ``?lang=de`` in any address, so that a link carries its language."""

    def process_request(self, request: HttpRequest) -> None:
        asked = request.GET.get("lang", "")
        if asked in dict(settings.LANGUAGES):
            request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = asked
        super().process_request(request)
        request.LANGUAGE_BIDI = translation.get_language_bidi()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        asked = request.GET.get("lang", "")
        is_page = response.get("Content-Type", "").startswith("text/html")  # data may be cached
        if is_page and asked in dict(settings.LANGUAGES):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, asked, max_age=31_536_000, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return super().process_response(request, response)
