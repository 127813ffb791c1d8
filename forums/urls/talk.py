"""Reading and writing in threads."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
