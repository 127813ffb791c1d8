"""Objecting, decisions on one's own texts, and what the public sees."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
