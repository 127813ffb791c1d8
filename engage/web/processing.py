"""What page plumbing keeps and why, for the register of processing."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

_FOR_EVER = _("For good: what the town says stays readable, older versions too")
_EVERYBODY = _("Everybody")
_WITH_THE_ACCOUNT = _("As long as their account; then nobody is named")

TABLES = (
    Table(
        "web.town",
        _("To show what the town is called and in which colour"),
        _("Until it is set anew"),
        _EVERYBODY,
        {
            "id": _("There is one town"),
            "name office": _("Who asks, and who runs this site"),
            "colour currency": _("How pages look and how they write money"),
            "changed_at": _("When it was set"),
            "by": _("Which administrator set it; seen in the office only"),
        },
        Basis.TASK,
        earlier={"by": _WITH_THE_ACCOUNT},
    ),
    Table(
        "web.text",
        _("To say what holds here, and in which words it was said before"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "id": _("Tells rows apart"),
            "slug language version": _("Which text, in which language, for which time"),
            "title body": _("The words"),
            "published_at": _("Since when they hold"),
            "by": _("Which administrator published them; seen in the office only"),
        },
        Basis.TASK,
        earlier={"by": _WITH_THE_ACCOUNT},
    ),
)
