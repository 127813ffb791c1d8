"""Who someone is: an account is a random key, an e-mail address and a name to be called by.

No username, no password, no guess about where somebody lives. Somebody whom a clerk helps may have
no e-mail address; they cannot sign in, and nobody can for them.
"""

import uuid
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.roles import Grant


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str | None, password: str | None = None, **fields: object
    ) -> "User":
        user = self.model(email=self.normalize_email(email) or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. ``id`` is the only thing other tables may know of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True)
    display_name = models.CharField(_("name shown to others"), max_length=60, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the operators' pages"), default=False)
    joined_on = models.DateField(_("joined on"), auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    @cached_property
    def roles(self) -> list[Grant]:
        """What this person is trusted with, read once a request."""
        return [grant.given for grant in self.grants.all()]

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether a passkey or an app is set up, read once a request; recovery codes are none."""
        return self.authenticator_set.filter(type__in=("webauthn", "totp")).exists()

    def __str__(self) -> str:
        return self.display_name or str(_("A resident"))
