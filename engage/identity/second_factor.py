"""The second factor: a passkey or codes from an app, and who may not go without one.

Deliberately absent: any guess about devices. What was set up counts, not what it was set up on.
"""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings


class SecondFactorAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        return settings.TOWN["name"]
