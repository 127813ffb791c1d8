"""The desk, where moderators decide."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
