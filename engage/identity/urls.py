"""Addresses of one's own page and of the offices that know people."""

from django.urls import path

from engage.identity.views import hubs

urlpatterns = [
    path("you/", hubs.you, name="you"),
    path("office/", hubs.office, name="office"),
]
