"""The forums in the operators' pages, to be looked at.

Deliberately absent: texts that are not shown, drafts, and what somebody follows or has read.
"""

from django.contrib import admin

from engage.web.admin import LookOnly
from forums.models import Category, Thread


@admin.register(Category)
class CategoryAdmin(LookOnly):
    list_display = ("name", "theme", "area", "readers", "look", "closed")
    list_filter = ("readers", "look", "closed")
    search_fields = ("name",)


@admin.register(Thread)
class ThreadAdmin(LookOnly):
    list_display = ("title", "category", "standing", "posts_count", "last_at", "locked")
    list_filter = ("standing", "locked", "pinned", "answered")
    list_select_related = ("category",)
    search_fields = ("title",)
    exclude = ("author", "became")
