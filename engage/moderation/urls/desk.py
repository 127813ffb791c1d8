"""The desk, where moderators decide."""

from django.urls import path

from engage.moderation.views import appeals, desk, people, together

urlpatterns = [
    path("desk/", desk.queue, name="desk"),
    path("desk/<int:pk>/", desk.item_show, name="desk-item"),
    path("desk/<int:pk>/claim/", desk.item_claim, name="desk-claim"),
    path("desk/<int:pk>/let-go/", desk.item_let_go, name="desk-let-go"),
    path("desk/<int:pk>/decide/", desk.item_decide, name="desk-decide"),
    path("desk/<int:pk>/note/", desk.item_remark, name="desk-remark"),
    path("desk/together/", together.together, name="desk-together"),
    path("desk/appeals/", appeals.appeal_list, name="desk-appeals"),
    path("desk/appeals/<int:pk>/", appeals.appeal_one, name="desk-appeal"),
    path("desk/people/<uuid:person>/", people.person_show, name="desk-person"),
    path("desk/sanctions/<int:pk>/lift/", people.sanction_lift, name="desk-lift"),
]
