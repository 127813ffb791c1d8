"""Untrusted text becomes a draft: the poll's form and its options."""

from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.roles import Role
from engage.identity.models import Assistance, User
from engage.identity.rules import may_organise
from engage.identity.selectors.residence import areas_for
from voting.models import Levels, Option, Poll


class MomentField(forms.DateTimeField):
    """A date and time of the town, to the minute, as browsers send it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=self.input_formats, **kwargs)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        return moment.replace(second=0, microsecond=0) if moment else moment


class PollForm(forms.ModelForm):
    """A draft's own fields; what is still missing is told on the page, not refused here."""

    rule = forms.ChoiceField(
        label=_("Way of counting"),
        choices=[
            ("plurality/1", _("Most votes wins")),
            ("approval/1", _("Most approvals wins")),
            ("irv/1", _("Instant run-off, one winner")),
            ("stv-wig/1", _("Single transferable vote, several seats")),
            ("pb-greedy/1", _("Most supported projects until the budget is used")),
        ],
    )
    opens_at = MomentField(label=_("Opens"), required=False)
    closes_at = MomentField(label=_("Closes"), required=False)

    class Meta:
        model = Poll
        fields = (
            "title", "description", "method", "rule", "who", "area", "level", "age_from", "age_to",
            "assisted", "opens_at", "closes_at", "seats", "max_ranks", "max_approvals", "budget",
            "points", "batch_min", "batch_every_s", "batch_max_delay_s", "key_bits",
        )  # fmt: skip
        help_texts = {
            "description": _("What is asked and why. Markdown works: **bold**, lists, links."),
            "area": _("Residents of this area are asked; its organisers manage the poll."),
            "level": _(
                "The surer, the fewer can take part at once: a letter takes about four days, a "
                "check in person a visit. The result says how many took part at each level."
            ),
            "assisted": _(
                "For people without a device or an address. A clerk reads the ballot paper to them "
                "and casts their vote, which the clerk then knows. The result says how many."
            ),
            "batch_min": _(
                "Ballots are counted in batches, so that it is hard to tell whose vote moved the "
                "bar. 5 suits a hall, 25 a vote of days."
            ),
        }
        error_messages = {
            "title": {"required": _("Write the question.")},
            "method": {"required": _("Choose how people vote.")},
            "who": {"required": _("Choose who may vote.")},
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, level = self.fields["area"], self.fields["level"]
        area.queryset = areas_for(by, Role.ORGANISER)
        area.required = not may_organise(by)
        area.empty_label = None if area.required else _("The whole town")
        level.choices = [choice for choice in Levels.choices if choice[0] >= Levels.EMAIL]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_whom(cleaned)
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Choose a time after the poll opens."))
        rules = Poll.RULES.get(cleaned.get("method", ""), ())
        if cleaned.get("rule") and rules and cleaned["rule"] not in rules:
            self.add_error("rule", _("This way of counting does not go with the way of voting."))
        return cleaned

    def _check_whom(self, cleaned: dict[str, Any]) -> None:
        """Ages are known of residents only; without this an age typed here would ask nobody."""
        least, most = cleaned.get("age_from"), cleaned.get("age_to")
        if least is not None and most is not None and most < least:
            self.add_error("age_to", _("Choose an age that is not below the youngest."))
        aged = "age_from" if least is not None else "age_to" if most is not None else ""
        if aged and cleaned.get("who") in (Poll.Who.EVERYONE, Poll.Who.ACCOUNT):
            self.add_error(aged, _("Ages are known of residents only. Ask residents, or no age."))


class HelpForm(forms.Form):
    """How somebody asks a clerk to vote for them, and that they agreed to what was read to them."""

    channel = forms.ChoiceField(
        label=_("How the person is here"),
        choices=[
            (Assistance.Channel.PAPER, _("In front of me, or by a paper they filled in")),
            (Assistance.Channel.PHONE, _("On the phone")),
        ],
        widget=forms.RadioSelect({"class": "mark"}),
        error_messages={"required": _("Choose how the person is here.")},
    )
    agreed = forms.BooleanField(
        label=_("I read this aloud, and the person agreed"),
        error_messages={"required": _("Read the text aloud and ask. Without a yes, do not go on.")},
    )


class OptionForm(forms.ModelForm):
    class Meta:
        model = Option
        fields = ("title", "description", "cost")
        error_messages = {
            "title": {"required": _("Name the option, or leave its whole row empty.")},
        }


class OptionFormSet(BaseInlineFormSet):
    """The options of a draft; their ids come from their titles, their order from the form."""

    def save(self, commit: bool = True) -> list[Option]:
        kept = super().save(commit=False)
        for option in self.deleted_objects:
            option.delete()
        taken = set(
            self.instance.options.exclude(pk__in=[o.pk for o in kept]).values_list("key", flat=True)
        )
        for option in kept:
            option.key = option_key(option.title, taken)
            taken.add(option.key)
        self._number()
        for option in kept:
            option.save()
        return kept

    def _number(self) -> None:
        for place, form in enumerate(self.forms):
            form.instance.position = place
            if form.instance.pk:
                Option.objects.filter(pk=form.instance.pk).update(position=place)


def option_key(title: str, taken: set[str]) -> str:
    """A free id ``[a-z0-9][a-z0-9-]{0,31}`` that reads like ``title``."""
    stem = slugify(title)[:28].strip("-_").replace("_", "-") or "option"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


OptionFormset = inlineformset_factory(
    Poll, Option, form=OptionForm, formset=OptionFormSet, extra=3, can_delete=True,
    max_num=100, validate_max=True, absolute_max=110,
)  # fmt: skip
