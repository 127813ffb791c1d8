"""What we ask of allauth beyond its settings: plain mails without the site framework.

And one answer everywhere to whose address counts.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from engage.web.limits import by_address
from engage.web.town import present_town


class AccountAdapter(DefaultAccountAdapter):
    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {present_town().name}"

    def get_client_ip(self, request: HttpRequest) -> str:
        return by_address("", request)
