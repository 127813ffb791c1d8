"""What is around talking: what one follows, search, feeds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
