"""Categories, in the town's office."""

from django.urls import path

from forums.views import office

urlpatterns = [
    path("office/categories/", office.office_categories, name="office-categories"),
    path("office/categories/new/", office.office_category_new, name="office-category-new"),
    path("office/categories/<int:category>/", office.office_category, name="office-category"),
]
