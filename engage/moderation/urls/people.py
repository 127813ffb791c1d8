"""Objecting, decisions on one's own texts, and what the public sees."""

from django.urls import path

from engage.moderation.views import flagging, public, yours

urlpatterns = [
    path("flag/<slug:kind>/<str:key>/", flagging.flag, name="flag"),
    path("you/decisions/", yours.decision_list, name="your-decisions"),
    path("you/decisions/<int:pk>/", yours.decision_one, name="your-decision"),
    path("moderation/", public.log, name="moderation"),
    path("moderation/limits/", public.limits, name="moderation-limits"),
    path("moderation/<int:year>/", public.figures, name="moderation-figures"),
    path("moderation/<int:year>.csv", public.figures_file, name="moderation-csv"),
]
