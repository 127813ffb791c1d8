"""The shell's own addresses: language, appearance, help, readiness."""

from django.urls import path

from engage.web import views

urlpatterns = [
    path("language/", views.language_choice, name="language"),
    path("appearance/", views.appearance_choice, name="appearance"),
    path("town.css", views.town_stylesheet, name="town-css"),
    path("pages/<slug:slug>/", views.page_show, name="page"),
    path("pages/<slug:slug>/versions/", views.text_versions, name="text-versions"),
    path("help/voting/", views.voting_help, name="voting-help"),
    path("readyz", views.ready, name="ready"),
]
