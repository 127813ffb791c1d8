"""The addresses of live updates by HTTP."""

from django.urls import path

from realtime import views

urlpatterns = [path("live/<str:name>", views.live, name="live")]
