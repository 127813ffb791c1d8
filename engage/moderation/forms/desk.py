"""What moderators choose and write at the desk.

Deliberately absent: whether they may; services say that of what is chosen.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engage.identity.models import Area
from engage.moderation.domain.verbs import NEEDS_WORDS, TOGETHER, Verb
from engage.moderation.models import Decision, Reason, Signal
from engage.moderation.models.items import Standings
from engage.moderation.writings import kinds
from engage.web.fields import TextField

EVERYTHING = ("", _("Everything"))
DAYS = ((1, _("One day")), (3, _("Three days")), (7, _("One week")), (30, _("Thirty days")))


class FilterForm(forms.Form):
    """What of the queue is asked for. Whatever is not offered is refused."""

    area = forms.ChoiceField(label=_("Area"), required=False)
    kind = forms.ChoiceField(label=_("Kind of text"), required=False)
    signal = forms.ChoiceField(
        label=_("What was noticed"), required=False, choices=[EVERYTHING, *Signal.Name.choices]
    )
    flagged = forms.BooleanField(label=_("Readers objected"), required=False)
    mine = forms.BooleanField(label=_("I look at it"), required=False)
    free = forms.BooleanField(label=_("Nobody looks at it"), required=False)

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [EVERYTHING, *((area.path, area.name) for area in areas)]
        self.fields["kind"].choices = [
            EVERYTHING, *((kind.name, kind.label) for kind in kinds().values())
        ]  # fmt: skip


def reasons_offered() -> Any:
    """The reasons in use, in the language of the page."""
    return Reason.objects.filter(in_use=True, language=get_language())


class WordedForm(forms.Form):
    """A decision with its reason and the words to the author.

    Without words of their own the author reads those of the reason.
    """

    verb = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is decided.")},
    )
    reason = forms.ModelChoiceField(
        label=_("Reason"),
        queryset=Reason.objects.none(),
        required=False,
        empty_label=_("No reason"),
        help_text=_("Only showing, opening again and letting write again need none."),
    )
    statement = TextField(
        label=_("To the author"),
        max_length=2_000,
        required=False,
        help_text=_("What, why and by which rule. Left empty, the words of the reason are sent."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, verbs: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Decision.Verb.choices)
        self.fields["verb"].choices = [(str(verb), words[verb]) for verb in verbs]
        self.fields["reason"].queryset = reasons_offered()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        verb, reason = cleaned.get("verb"), cleaned.get("reason")
        if verb in NEEDS_WORDS and reason is None and "reason" not in self.errors:
            self.add_error("reason", _("Choose a reason: the author is told."))
        if reason and not cleaned.get("statement"):
            cleaned["statement"] = reason.statement
        return cleaned


class DecisionForm(WordedForm):
    """One text: also where it moves to, and for how long its author is silenced.

    ``expected`` is how the text stood when the page was made, ``seen`` a mark of how it read.
    """

    place = forms.ChoiceField(
        label=_("Move it to"), required=False, help_text=_("Only if it is moved.")
    )
    days = forms.TypedChoiceField(
        label=_("For how long"), choices=DAYS, coerce=int, required=False, empty_value=None,
        help_text=_("Only if its author is silenced."),
    )  # fmt: skip
    expected = forms.ChoiceField(choices=Standings.choices, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    field_order = ("verb", "place", "days")

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("Where it is")), *places]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("verb") == Verb.MOVE and not cleaned.get("place"):
            self.add_error("place", _("Choose where it moves to."))
        return cleaned

    @property
    def wish(self) -> dict[str, Any]:
        """As ``services.deciding.decide`` takes it."""
        chosen = self.cleaned_data
        silenced = chosen["verb"] == Verb.SILENCE and chosen["days"]
        until = timezone.now() + timedelta(days=chosen["days"]) if silenced else None
        detail = chosen["place"] if chosen["verb"] == Verb.MOVE else ""
        names = ("verb", "reason", "statement", "expected", "seen")
        words = {name: chosen[name] for name in names}
        return words | {"detail": detail, "until": until}


class TogetherForm(WordedForm):
    """The same for many texts at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, verbs=[verb for verb in Verb if verb in TOGETHER], **kwargs)


class RemarkForm(forms.Form):
    text = TextField(
        label=_("Note among moderators"),
        max_length=2_000,
        help_text=_("Nobody else reads it."),
        error_messages={"required": _("Write the note first.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """What comes of an appeal."""

    overturn = forms.TypedChoiceField(
        label=_("What comes of it"),
        choices=[("0", _("The decision stands")), ("1", _("Take the decision back"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes of it.")},
    )
    answer = TextField(
        label=_("Answer to the author"),
        max_length=2_000,
        error_messages={"required": _("Say why; the author reads it.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
