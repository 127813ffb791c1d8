"""Engage as a Django app: it carries the commands, the shell's static files and the languages."""

from django.apps import AppConfig


class EngageConfig(AppConfig):
    name = "engage"
    label = "engage"
