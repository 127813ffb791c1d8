"""Accounts in the operators' pages; plain Django admin, no dashboard of its own."""

from django.contrib import admin

from engage.identity.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "display_name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "display_name")
    exclude = ("password",)
