"""Pictures in posts."""

from django.urls import path

from forums.views import pictures

urlpatterns = [
    path("pictures/", pictures.picture_new, name="picture-new"),
    path("pictures/<uuid:picture>/", pictures.picture_show, name="picture"),
]
