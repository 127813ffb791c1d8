"""Addresses of one's place, and of the offices that check people, print letters and keep areas."""

from django.urls import path

from engage.identity.views import letters, people, place

urlpatterns = [
    path("you/place/", place.place, name="place"),
    path("you/place/letter/", place.letter_ask, name="place-letter"),
    path("you/place/code/", place.code_enter, name="place-code"),
    path("you/place/give-up/", place.letter_give_up, name="place-give-up"),
    path("office/people/", people.people, name="people"),
    path("office/people/new/", people.person_new, name="person-new"),
    path("office/people/<uuid:key>/", people.person, name="person"),
    path("office/people/<uuid:key>/check/", people.person_check, name="person-check"),
    path(
        "office/people/<uuid:key>/take-back/<int:level>/",
        people.claim_take_back,
        name="claim-take-back",
    ),
    path("office/letters/", letters.letters, name="letters"),
    path("office/letters/print/", letters.letters_print, name="letters-print"),
]
