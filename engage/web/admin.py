"""The operators' pages of the town and its texts, and what every page of theirs keeps to.

Deliberately absent: changing anything here that has a page of its own in the office.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engage.web.models import Text, Town

FILTERED_BY = frozenset(["", "exact", "isnull"])
"""What the filters beside a list ask; anything else would ask a column that is not shown."""

admin.site.site_header = admin.site.site_title = _("Operators")
admin.site.index_title = _("Tables")
admin.site.site_url = "/office/"


class LookOnly(admin.ModelAdmin):
    """Rows that may be seen and not changed; lists answer to their own filters and to no others."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(
        self, lookup: str, value: object, request: HttpRequest | None = None
    ) -> bool:
        field, _separator, how = lookup.partition("__")
        return field in self.list_filter and how in FILTERED_BY


@admin.register(Town)
class TownAdmin(LookOnly):
    list_display = ("name", "office", "colour", "changed_at")


@admin.register(Text)
class TextAdmin(LookOnly):
    list_display = ("slug", "language", "version", "title", "published_at")
    list_filter = ("slug", "language")
