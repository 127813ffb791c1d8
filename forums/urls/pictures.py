"""Pictures in posts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
