"""Addresses of one's place, and of the offices that check people, print letters and keep areas."""

from django.urls import path

from engage.identity.views import areas, imports, letters, people, place

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
    path("office/areas/", areas.areas, name="areas"),
    path("office/areas/new/", areas.area_new, name="area-new"),
    path("office/areas/name/<path:key>/", areas.area_name, name="area-name"),
    path("office/areas/boundary/<path:key>/", areas.area_boundary, name="area-boundary"),
    path("office/areas/remove/<path:key>/", areas.area_remove, name="area-remove"),
    path("office/imports/", imports.imports, name="imports"),
    path("office/imports/<uuid:key>/", imports.import_one, name="import"),
    path("office/imports/<uuid:key>/report.csv", imports.import_report, name="import-report"),
    path("office/imports/<uuid:key>/do/", imports.import_carry_out, name="import-carry-out"),
    path("office/imports/<uuid:key>/give-up/", imports.import_give_up, name="import-give-up"),
    path("office/letters/", letters.letters, name="letters"),
    path("office/letters/print/", letters.letters_print, name="letters-print"),
]
