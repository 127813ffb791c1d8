"""What we ask of allauth beyond its settings: plain mails without the site framework.

And one answer everywhere to whose address counts.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from engage.web.limits import by_address


class AccountAdapter(DefaultAccountAdapter):
    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {settings.TOWN['name']}"

    def get_client_ip(self, request: HttpRequest) -> str:
        return by_address("", request)
