"""A ballot paper as a plain form, for every method: what a clerk fills in for somebody.

Untrusted fields become a choice of the protocol or sentences for the page. What may be chosen is
``voting.domain.choices``; it is asked last, so that the form takes nothing that a count would not.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voting.crypto.intake import check_choice_in
from voting.domain.choices import DEFAULT_MAX_RANKS, is_blank
from voting.domain.manifest import Manifest
from voting.domain.refusal import Refusal

ONE = ("plurality", "yesno")
NUMBERS = ("score", "cumulative")
MARK = {"class": "mark"}


class Paper(forms.Form):
    """The ballot paper of ``manifest``; once valid, ``choice`` is what the ballot says."""

    choice: Any = None

    def __init__(self, manifest: Manifest, data: Any = None) -> None:
        super().__init__(data)
        self.manifest = manifest
        self.titles = manifest.titles
        self.fields.update(self._fields())
        label = gettext_lazy("None of these, a blank vote")
        self.fields["blank"] = forms.BooleanField(
            label=label, required=False, widget=forms.CheckboxInput(MARK)
        )

    def _fields(self) -> dict[str, forms.Field]:
        method, options = self.manifest.method, list(self.titles.items())
        if method in ONE:
            label = gettext_lazy("One of these")
            one = forms.ChoiceField(
                label=label, choices=options, required=False, widget=forms.RadioSelect(MARK)
            )
            return {"option": one}
        if method == "ranked":
            return {f"place-{n}": self._place(n, options) for n in range(1, self._places + 1)}
        if method in NUMBERS:
            least = self.manifest.params.get("min", 0)
            return {
                f"points-{key}": forms.IntegerField(
                    label=title, required=False, min_value=min(least, 0), max_value=10**6
                )
                for key, title in options
            }
        label = gettext_lazy("As many of these as you like")
        many = forms.MultipleChoiceField(
            label=label, choices=options, required=False, widget=forms.CheckboxSelectMultiple(MARK)
        )
        return {"options": many}

    @property
    def _places(self) -> int:
        most = self.manifest.params.get("max_ranks", DEFAULT_MAX_RANKS)
        return min(most, len(self.titles))

    @staticmethod
    def _place(number: int, options: list[tuple[str, str]]) -> forms.ChoiceField:
        label = _("Place %(number)s") % {"number": number}
        nobody = ("", _("Nothing in this place"))
        return forms.ChoiceField(label=label, choices=[nobody, *options], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        choice = self._choice(cleaned)
        blank = is_blank(choice, self.manifest.method)
        if cleaned["blank"] and not blank:
            self.add_error("blank", _("Choose something, or cast a blank vote; not both."))
        elif blank and not cleaned["blank"]:
            self.add_error("blank", _("Nothing is chosen. If that is meant, say so here."))
        elif not self.errors and (problem := self._problem(choice)):
            self.add_error(None, problem)
        self.choice = choice
        return cleaned

    def _choice(self, cleaned: dict[str, Any]) -> Any:
        method = self.manifest.method
        if method in ONE:
            return cleaned["option"] or None
        if method == "ranked":
            return [self._at(n, cleaned) for n in self._filled(cleaned)]
        if method in NUMBERS:
            given = {key: cleaned[f"points-{key}"] for key in self.titles}
            return {key: number for key, number in given.items() if number}
        chosen = cleaned["options"]
        return [key for key in self.manifest.option_ids if key in chosen]

    def _at(self, number: int, cleaned: dict[str, Any]) -> str:
        return cleaned[f"place-{number}"]

    def _filled(self, cleaned: dict[str, Any]) -> list[int]:
        return [n for n in range(1, self._places + 1) if self._at(n, cleaned)]

    def _problem(self, choice: Any) -> str:
        """What is wrong with the choice, in words; empty if a count would count it."""
        try:
            check_choice_in(choice, self.manifest)
        except Refusal:
            return next(self._reasons(choice), _("This choice is not possible in this poll."))
        return ""

    def _reasons(self, choice: Any) -> Iterator[str]:
        params = self.manifest.params
        if self.manifest.method == "ranked" and len(set(choice)) < len(choice):
            yield _("The same option stands in two places. Leave it in one.")
        if isinstance(choice, list) and len(choice) > params.get("max_approvals", len(choice)):
            most = params["max_approvals"]
            yield ngettext("Choose at most one.", "Choose at most %(counter)s.", most) % {
                "counter": most
            }
        if self.manifest.method == "knapsack":
            yield _("This costs more than the budget. Leave something out.")
        if self.manifest.method == "cumulative":
            most, given = params["points"], sum(choice.values())
            yield _("These are %(given)s points; there are %(most)s to share out.") % {
                "given": given, "most": most,
            }  # fmt: skip

    def cards(self) -> Iterator[tuple[BoundWidget, int | None]]:
        """The options to be ticked, each with what it costs; none where lines are filled in."""
        name = next((name for name in ("option", "options") if name in self.fields), None)
        boxes = self[name] if name else []
        costs = [option.get("cost") for option in self.manifest.value["options"]]
        return zip(boxes, costs, strict=False)

    def lines(self) -> list[BoundField]:
        """The fields for places or points."""
        return [self[name] for name in self.fields if name.startswith(("place-", "points-"))]

    def said(self) -> list[str]:
        """The choice to be read back, a line for each; empty for a blank vote."""
        if isinstance(self.choice, dict):
            return [f"{self.titles[key]}: {number}" for key, number in self.choice.items()]
        chosen = self.choice if isinstance(self.choice, list) else [self.choice or ""]
        return [self.titles[key] for key in chosen if key]

    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, to be sent again from the next page; kept nowhere else."""
        return [(name, value) for name in self.fields for value in self._values(name)]

    def _values(self, name: str) -> list[str]:
        return [value for value in self.data.getlist(name) if value]
