"""Addresses of one's own page and of the offices that know people."""

from django.urls import include, path

from engage.identity.views import audit, earlier, hubs, roles

urlpatterns = [
    path("you/", hubs.you, name="you"),
    path("you/earlier/", earlier.earlier, name="you-earlier"),
    path("office/", hubs.office, name="office"),
    path("office/roles/", roles.role_list, name="roles"),
    path("office/roles/new/", roles.role_give, name="role-give"),
    path("office/roles/ended/", roles.role_history, name="roles-ended"),
    path("office/roles/<int:grant>/end/", roles.role_end, name="role-end"),
    path("office/audit/", audit.audit, name="audit"),
    path("", include("engage.identity.urls.data")),
    path("", include("engage.identity.urls.residents")),
    path("office/", include("engage.identity.urls.town")),
]
