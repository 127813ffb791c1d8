"""The desk in the operators' pages: to be looked at; whoever opens a row about somebody is named.

Deliberately absent: deciding. That is done at the desk, with reasons.
"""

from typing import Any

from django.contrib import admin

from engage.identity.admin import OfAPerson
from engage.identity.models import User
from engage.moderation import models
from engage.web.admin import LookOnly


class OfAnAuthor(OfAPerson):
    """Rows about a text; whose, is in the item. Nobody is named for one without an author."""

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        found = LookOnly.get_object(self, request, object_id, from_field)
        if found is None or self.person_of(found) is None:
            return found
        return super().get_object(request, object_id, from_field)

    def person_of(self, row: Any) -> User:
        return row.item.author


@admin.register(models.Item)
class ItemAdmin(OfAnAuthor):
    list_display = ("id", "kind", "key", "area_id", "standing", "queued_at", "decided_at")
    list_filter = ("kind", "standing")
    exclude = ("fold", "network")

    def person_of(self, row: Any) -> User:
        return row.author


@admin.register(models.Signal)
class SignalAdmin(OfAnAuthor):
    list_display = ("id", "item_id", "name", "at")
    list_filter = ("name",)


@admin.register(models.Flag)
class FlagAdmin(OfAPerson):
    list_display = ("id", "item_id", "why", "at", "upheld")
    list_filter = ("why", "upheld")

    def person_of(self, row: Any) -> User:
        return row.by


@admin.register(models.Decision)
class DecisionAdmin(OfAnAuthor):
    list_display = ("id", "item_id", "verb", "why", "at", "before", "after")
    list_filter = ("verb",)


@admin.register(models.Appeal)
class AppealAdmin(OfAnAuthor):
    list_display = ("id", "decision_id", "at", "outcome", "answered_at")
    list_filter = ("outcome",)

    def person_of(self, row: Any) -> User:
        return row.decision.item.author


@admin.register(models.Remark)
class RemarkAdmin(OfAnAuthor):
    list_display = ("id", "item_id", "at")


@admin.register(models.Sanction)
class SanctionAdmin(OfAPerson):
    list_display = ("id", "kind", "area_id", "since", "until", "lifted_at")
    list_filter = ("kind",)


@admin.register(models.Reason)
class ReasonAdmin(LookOnly):
    list_display = ("code", "language", "title", "rule", "in_use")
    list_filter = ("language", "in_use")


@admin.register(models.Word)
class WordAdmin(LookOnly):
    list_display = ("word", "language", "action", "replacement")
    list_filter = ("language", "action")
    exclude = ("by",)


@admin.register(models.Promise)
class PromiseAdmin(LookOnly):
    list_display = ("hours",)
