"""What we ask of allauth beyond its settings: plain mails without the site framework."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {settings.TOWN['name']}"
