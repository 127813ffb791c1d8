"""Disconnecting an outside account: allauth's form without its rule about passwords."""

from typing import Any

from allauth.socialaccount.forms import DisconnectForm as AllauthsDisconnectForm
from django import forms

from engage.identity.oidc.ways_in import check_leaves_a_way_in, outside_accounts_of


class DisconnectForm(AllauthsDisconnectForm):
    @property
    def is_connected(self) -> bool:
        """Whether there is nothing left to connect: an account at the town's service is."""
        return outside_accounts_of(self.request.user).exists()

    def clean(self) -> dict[str, Any]:
        """Ours instead of allauth's: nobody here has a password, so its rule refuses everybody."""
        known = forms.Form.clean(self)
        if account := known.get("account"):
            check_leaves_a_way_in(account)
        return known
