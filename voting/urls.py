"""Addresses of polls and of the ballot box."""

urlpatterns = []
