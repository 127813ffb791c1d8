"""Every address of the town, composed from the apps' own."""

from django.contrib import admin
from django.urls import include, path

handler400 = "engage.web.errors.bad_request"
handler403 = "engage.web.errors.forbidden"
handler404 = "engage.web.errors.not_found"
handler500 = "engage.web.errors.server_error"

urlpatterns = [
    path("", include("engage.web.urls")),
    path("", include("engage.identity.urls")),
    path("", include("realtime.urls")),
    path("", include("voting.urls")),
    path("", include("engage.moderation.urls")),
    path("", include("forums.urls")),
    path("accounts/", include("engage.identity.urls.signing")),
    path("admin/", admin.site.urls),
]
