"""People in the operators' pages: to be looked at, which the person sees; little can be changed.

Deliberately absent: secrets, street addresses, deleting somebody. What has a page of its own, in
the office or with the person, is changed there, where its rules are.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engage.identity import models
from engage.identity.domain.names import refusal, tidy
from engage.identity.services.correcting import SENTENCES, correct_name, reserved_names
from engage.journal.models import Entry, TopicHead
from engage.web import departures
from engage.web.admin import LookOnly

admin.site.login = secure_admin_login(admin.site.login)  # by our ways of signing in alone

SECRETS = (Authenticator, SocialApp, SocialToken, SocialAccount, UserSession)
for _model in (Group, EmailAddress, *SECRETS):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class OfAPerson(LookOnly):
    """Rows about somebody: whoever opens one is named to that person. Lists name nobody."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None and self.has_view_or_change_permission(request, found):
            models.Disclosure.objects.create(
                person=self.person_of(found), by=request.user, why=models.Disclosure.Why.OPERATOR
            )
        return found

    def person_of(self, row: Any) -> models.User:
        return row.person

    @admin.display(description=_("person"))
    def key(self, row: Any) -> str:
        return str(self.person_of_id(row))

    def person_of_id(self, row: Any) -> object:
        return row.person_id

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> LogEntry:
        """The log names rows by their keys: a name in it would outlive the account."""
        entry = super().log_change(request, obj, message)
        entry.object_repr = str(obj.pk)
        entry.save(update_fields=["object_repr"])
        return entry


class PersonForm(forms.ModelForm):
    """Names keep to the same rules as everybody's, once they are changed."""

    def clean_display_name(self) -> str:
        name = self.cleaned_data["display_name"]
        if "display_name" not in self.changed_data:
            return name
        name = tidy(name)
        if reason := refusal(name, reserved_names()):
            raise forms.ValidationError(SENTENCES[reason])
        return name


@admin.register(models.User)
class PersonAdmin(OfAPerson):
    form = PersonForm
    list_display = ("id", "is_active", "is_staff", "is_superuser", "joined_on")
    list_filter = ("is_active", "is_staff", "is_superuser")
    ordering = ("joined_on", "id")
    search_fields = ("=email", "=id")
    search_help_text = _("An e-mail address or a key, exactly as it is.")
    fields = (
        "id", "email", "display_name", "is_active", "is_staff", "is_superuser", "joined_on",
        "last_login",
    )  # fmt: skip
    readonly_fields = ("id", "email", "joined_on", "last_login")

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "display_name" in form.changed_data:
            correct_name(person=obj, name=obj.display_name)
        departures.tell()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_superuser

    def person_of(self, row: Any) -> models.User:
        return row


@admin.register(models.Area)
class AreaAdmin(LookOnly):
    list_display = ("name", "path", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "path")


@admin.register(models.Place)
class PlaceAdmin(LookOnly):
    list_display = ("postcode", "street", "area_id")
    search_fields = ("postcode", "street")


@admin.register(models.Claim)
class ClaimAdmin(OfAPerson):
    list_display = ("key", "level", "area_id", "made_at", "expires_at")
    list_filter = ("level",)
    exclude = ("born_on", "subject")


@admin.register(models.Letter)
class LetterAdmin(OfAPerson):
    list_display = ("id", "area_id", "asked_at", "printed_at", "expires_at", "tries")
    exclude = ("name", "street", "postcode")


@admin.register(models.RoleGrant)
class RoleAdmin(OfAPerson):
    list_display = ("key", "role", "area_id", "since", "until")
    list_filter = ("role",)


@admin.register(models.Consent)
class ConsentAdmin(OfAPerson):
    list_display = ("key", "text", "version", "given_at", "withdrawn_at")
    list_filter = ("text",)


@admin.register(models.OptOut)
class OptOutAdmin(OfAPerson):
    list_display = ("key", "about")
    list_filter = ("about",)


@admin.register(models.Disclosure)
class DisclosureAdmin(OfAPerson):
    list_display = ("key", "why", "at")
    list_filter = ("why",)


@admin.register(models.Assistance)
class AssistanceAdmin(OfAPerson):
    list_display = ("topic", "channel", "on")
    list_filter = ("channel",)


@admin.register(EmailAddress)
class EmailAddressAdmin(OfAPerson):
    list_display = ("key", "verified", "primary")
    list_filter = ("verified",)

    def person_of(self, row: Any) -> models.User:
        return row.user

    def person_of_id(self, row: Any) -> object:
        return row.user_id


@admin.register(models.Import)
class ImportAdmin(LookOnly):
    list_display = ("at", "kind", "state", "trial", "total", "done", "wrong")
    list_filter = ("kind", "state")
    exclude = ("rows",)


@admin.register(LogEntry)
class LogEntryAdmin(LookOnly):
    list_display = ("action_time", "user_id", "content_type", "object_id", "action_flag")
    list_filter = ("action_flag",)
    exclude = ("object_repr",)


@admin.register(Entry)
class EntryAdmin(LookOnly):
    list_display = ("topic", "sequence", "kind", "at")
    search_fields = ("=topic",)
    search_help_text = _("A topic, exactly as it is: poll.0197…")


@admin.register(TopicHead)
class TopicHeadAdmin(LookOnly):
    list_display = ("topic", "sequence")
    search_fields = ("=topic",)
