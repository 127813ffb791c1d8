"""Sentences of the organiser's pages by code; the protocol's own are in ``voting.sentences``."""

from django.utils.translation import gettext_lazy as _

MISSING = {
    "title": _("Write the question."),
    "rule": _("Choose a way of counting that goes with the way of voting."),
    "options": _("Add at least two options."),
    "option-titles": _("Two options have the same name. Give each its own."),
    "opens": _("Say when the poll opens."),
    "closes": _("Say when the poll closes."),
    "too-short": _("Leave at least a minute between opening and closing."),
    "closes-past": _("The closing time has passed. Choose a later one."),
    "seats": _("There cannot be more seats than options."),
    "budget": _("Say how much money there is."),
    "costs": _("Give every project its cost."),
    "points": _("Say how many points each voter may share out."),
    "area": _("Say which area's residents are asked, or how sure we must be of them."),
    "ages": _("The oldest age is below the youngest."),
    "delay": _(
        "A ballot must be in the log after two batches at the earliest; allow more seconds."
    ),
}
