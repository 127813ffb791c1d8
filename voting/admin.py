"""Polls in the operators' pages, to be looked at.

Deliberately absent: who may vote, who has a pass, any key, and everything of the ballot box.
"""

from django.contrib import admin

from engage.web.admin import LookOnly
from voting.models import Option, Poll


class OptionsInline(admin.TabularInline):
    model = Option
    fields = ("position", "key", "title", "cost")
    readonly_fields = fields
    can_delete = False
    extra = max_num = 0


@admin.register(Poll)
class PollAdmin(LookOnly):
    list_display = ("title", "state", "who", "opens_at", "closes_at")
    list_filter = ("state", "who", "method")
    search_fields = ("title",)
    exclude = ("manifest", "rule_params")
    readonly_fields = ("state", "collect_from", "closing_since")
    inlines = (OptionsInline,)
