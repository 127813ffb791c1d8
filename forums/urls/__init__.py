"""Every address of the forums: talking, what is around it, pictures, and the office's."""

from forums.urls import around, office, pictures, talk

urlpatterns = [
    *talk.urlpatterns,
    *around.urlpatterns,
    *pictures.urlpatterns,
    *office.urlpatterns,
    *talk.categories,
]
