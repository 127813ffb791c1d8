"""Addresses of the office where the town's name, look and texts are set."""

from django.urls import path

from engage.identity.views import texts, town

urlpatterns = [
    path("town/", town.town_edit, name="office-town"),
    path("town/colours.css", town.town_colours, name="office-town-colours"),
    path("texts/", texts.text_list, name="office-texts"),
    path("texts/<slug:slug>/<slug:language>/", texts.text_write, name="office-text"),
]
