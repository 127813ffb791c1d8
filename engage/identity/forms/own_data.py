"""What people say of themselves, which mails they want, and the last question before erasing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.names import LONGEST
from engage.identity.mail import TOPICS


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name shown to others"),
        max_length=LONGEST,
        required=False,
        strip=True,
        help_text=_(
            "It stands beside what you write. Leave it empty and you are shown as a resident."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "class": "input"}),
    )


class MailForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        label=_("Send me a mail when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(TOPICS.items()),
    )


class EraseForm(forms.Form):
    TEXTS = (
        ("keep", _("They stay, without my name")),
        ("erase", _("They go as well")),
    )
    texts = forms.ChoiceField(
        label=_("What about texts that you have written?"), choices=TEXTS, widget=forms.RadioSelect
    )
    sure = forms.BooleanField(
        label=_("Yes, erase all of this"), help_text=_("Nobody can bring it back, not even we.")
    )
