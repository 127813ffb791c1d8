"""Addresses of one's place, and of the offices that check people, print letters and keep areas."""

from django.urls import path

from engage.identity.views import place

urlpatterns = [
    path("you/place/", place.place, name="place"),
    path("you/place/letter/", place.letter_ask, name="place-letter"),
    path("you/place/code/", place.code_enter, name="place-code"),
    path("you/place/give-up/", place.letter_give_up, name="place-give-up"),
]
