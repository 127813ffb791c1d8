"""What is kept of people: accounts, where they live, what is known of them, what they may do.

Every field has its purpose and its end in ``engage/identity/processing.py``.
"""

from engage.identity.models.accounts import User, UserManager
from engage.identity.models.areas import Area, Place
from engage.identity.models.assistance import Assistance
from engage.identity.models.claims import Claim, Letter
from engage.identity.models.consents import Consent, Disclosure, OptOut
from engage.identity.models.imports import Import
from engage.identity.models.roles import RoleGrant

__all__ = [
    "Area",
    "Assistance",
    "Claim",
    "Consent",
    "Disclosure",
    "Import",
    "Letter",
    "OptOut",
    "Place",
    "RoleGrant",
    "User",
    "UserManager",
]
