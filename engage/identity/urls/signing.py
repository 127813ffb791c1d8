"""Addresses of signing in: our own pages first, then those of the accounts library."""

from django.urls import include, path

from engage.identity.views import signing

urlpatterns = [
    path("password/<path:rest>", signing.no_passwords, name="no-passwords"),
    path("reauthenticate/code/", signing.fresh_code, name="fresh-code"),
    path("sessions/", signing.session_list, name="usersessions_list"),
    path("signup/passkey/skip/", signing.passkey_skip, name="passkey-skip"),
    path("", include("allauth.urls")),
]
