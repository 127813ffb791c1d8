"""Making an account: the same work whether or not the address has one already.

Deliberately absent: any field beside the address.
"""

import uuid

from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from engage.identity.models import User

LOOKS = 2
"""What the library still looks at of a new account, less the two rows that are forgotten here."""


class AccountForm(SignupForm):
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Who measures the time finds no account: one that exists costs one more that goes."""
        if self.account_already_exists:
            self._save_nobody(request)
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            return super().save(request)

    def _save_nobody(self, request: HttpRequest) -> None:
        asked = self.cleaned_data["email"]
        self.account_already_exists = False
        self.cleaned_data["email"] = f"{uuid.uuid4()}@nobody.invalid"
        with transaction.atomic():
            nobody = super().save(request)
            addresses = EmailAddress.objects.filter(user=nobody)
            for rows in (addresses, User.objects.filter(pk=nobody.pk)):
                rows._raw_delete(rows.db)  # without the many questions of a real erasure
        for _look in range(LOOKS):
            addresses.first()
        self.account_already_exists, self.cleaned_data["email"] = True, asked
