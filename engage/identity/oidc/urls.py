"""Two addresses: the way to the identity service, and the way back. allauth finds this module."""

from django.urls import path

from engage.identity.oidc import views

urlpatterns = [
    path("oidc/login/", views.leave, name="oidc_login"),
    path("oidc/callback/", views.come_back, name="oidc_callback"),
]
