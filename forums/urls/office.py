"""Categories, in the town's office."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
