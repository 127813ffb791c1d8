"""The way to the identity service, and the way back. allauth finds this module."""

from django.urls import path

from engage.identity.oidc import views

urlpatterns = [
    path("oidc/login/", views.leave, name="oidc_login"),
    path("oidc/fresh/", views.show_again, name="oidc_fresh"),
    path("oidc/join/", views.join, name="oidc_join"),
    path("oidc/callback/", views.come_back, name="oidc_callback"),
]
