"""What we keep of people: accounts, claims, letters, consents and who saw what."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

WITH_ACCOUNT = _("Until you erase your account")
YOU = _("You")
OFFICER = _("You, and the electoral officers of your area")
ONE_YEAR = _("One year (365 days)")
TWO_YEARS_AFTER = _("Two years (730 days) after it ended")
THREE_YEARS = _("Three years (1,095 days)")
ROW = _("Tells rows apart")
WHOSE = _("Whose it is")

TABLES = (
    Table(
        "identity.user",
        _("To know you again when you come back, and to call you by the name you chose"),
        WITH_ACCOUNT,
        OFFICER,
        {
            "id": _("Your random key, the only thing that other tables know of you"),
            "email": _("To send you codes and mails that you want"),
            "display_name": _("What you are called where others read it"),
            "joined_on": _("Since when your e-mail address counts as confirmed; the day only"),
            "last_login": _("So that you notice if somebody else signed in"),
            "password": _("No password: a random value that ends your sessions when it changes"),
            "is_active": _("Whether you may sign in"),
            "is_staff is_superuser": _("Whether you may use the operators' pages"),
        },
        earlier={"email": _("Until you change it; an address never confirmed, 30 days")},
        change="you-name",
    ),
    Table(
        "identity.claim",
        _("To know in which votes you may take part, without keeping your address"),
        _("Until the date in the row, or until you erase it"),
        OFFICER,
        {
            "id": ROW,
            "person": WHOSE,
            "level": _("How sure we are: by letter, in person or by national identity"),
            "area": _("In which area you live; never your street"),
            "born_on": _("For votes that ask an age"),
            "source": _("How it was found out"),
            "subject": _(
                "A code made of your papers that cannot be turned back, so that one person has one "
                "account"
            ),
            "by": _("Who checked it"),
            "made_at expires_at": _("Since when and until when it counts"),
        },
        change="you-claims",
    ),
    Table(
        "identity.letter",
        _("To send you the letter that confirms where you live"),
        _("Until you enter its code, or until it runs out"),
        _("You, and the electoral officer who prints it"),
        {
            "id": _("What its code is made of"),
            "person": WHOSE,
            "name street postcode": _("Where the letter goes"),
            "area": _("Which area that is"),
            "asked_at printed_at expires_at": _("How far it is, and until when its code counts"),
            "tries": _("So that nobody can guess the code"),
        },
        change="you-claims",
    ),
    Table(
        "identity.consent",
        _("To be able to show what you agreed to, and when you took it back"),
        _("Until three years (1,095 days) after you took it back"),
        YOU,
        {
            "id": ROW,
            "person": WHOSE,
            "text version": _("Which text, in which version"),
            "given_at withdrawn_at": _("When you agreed, and when you took it back"),
        },
        Basis.DUTY,
        change="you-consents",
    ),
    Table(
        "identity.optout",
        _("To send you no mail that you do not want"),
        _("Until you want such mail again"),
        YOU,
        {"id": ROW, "person": WHOSE, "about": _("What you want no mail about")},
        change="you-mail",
    ),
    Table(
        "identity.disclosure",
        _("To tell you who saw your data"),
        ONE_YEAR,
        _("You; auditors see how often, not whose"),
        {
            "id": ROW,
            "person": WHOSE,
            "by": _("Who saw it; you are told their office"),
            "why at": _("Why and when"),
        },
        Basis.DUTY,
    ),
    Table(
        "identity.assistance",
        _("To show that a clerk acted for you because you wanted it"),
        THREE_YEARS,
        _("You, the clerk, and auditors"),
        {
            "id": ROW,
            "person": WHOSE,
            "clerk": _("Who acted for you"),
            "channel": _("On paper or by phone"),
            "consent": _("The consent you gave for it"),
            "topic": _("About which poll; never what you voted"),
            "on": _("On which day; never at which minute"),
        },
        Basis.DUTY,
    ),
    Table(
        "identity.rolegrant",
        _("To know who may do what for the town, and who could"),
        TWO_YEARS_AFTER,
        _("You, administrators and auditors"),
        {
            "id": ROW,
            "person": WHOSE,
            "role area": _("What you may do, and where"),
            "by": _("Who gave it"),
            "since until": _("Since when and until when"),
        },
    ),
)
