"""What the libraries keep for us: sessions, addresses, passkeys, outside accounts, the admin log.

They describe nothing themselves, so we answer for them.
"""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table
from engage.identity.processing.people import ROW, TWO_YEARS_AFTER, WHOSE, WITH_ACCOUNT, YOU

_NOBODY = _("Nobody; only the server reads it")
_OPERATORS = _("Operators")
_PROGRAM = _("As long as the program has it")
_UNUSED = _("Not used: roles are kept elsewhere, each with its area and its end")
_END_OF_SESSION = _("Until you sign out, or two weeks")

SIGNING_IN = (
    Table(
        "account.emailaddress",
        _("To send you a code, so that only you can sign in as you"),
        WITH_ACCOUNT,
        YOU,
        {
            "id": ROW,
            "user": WHOSE,
            "email": _("Your address, and a new one until you confirm it"),
            "verified primary": _("Whether it is confirmed, and which one counts"),
        },
        earlier={"email": _("Until you change it")},
        change="account_email",
    ),
    Table(
        "account.emailconfirmation",
        _("Not used: addresses are confirmed by a code in your session"),
        _("Never filled"),
        _NOBODY,
        {"id email_address created sent key": _("Stays empty")},
        Basis.UNUSED,
    ),
    Table(
        "mfa.authenticator",
        _("To let you sign in with a passkey, or with codes of an app"),
        _("Until you remove it"),
        _("You; only the server reads its key"),
        {
            "id": ROW,
            "user": WHOSE,
            "type": _("A passkey, an app or recovery codes"),
            "data": _("A public key and its name, or the secret of the app; never face or finger"),
            "created_at last_used_at": _("So that you notice one that you do not know"),
        },
        change="mfa_index",
    ),
    Table(
        "socialaccount.socialaccount",
        _("To let you sign in with an identity you have elsewhere"),
        _("Until you disconnect it"),
        YOU,
        {
            "id": ROW,
            "user": WHOSE,
            "provider uid": _("Who vouches for you, and your number there"),
            "extra_data": _("What they told us; we keep as little of it as we can"),
            "last_login date_joined": _("So that you notice if somebody else used it"),
        },
        change="socialaccount_connections",
    ),
    Table(
        "socialaccount.socialtoken",
        _("Not used: we ask nothing of an outside account after you signed in"),
        _("Never filled"),
        _NOBODY,
        {"id app account token token_secret expires_at": _("Stays empty")},
        Basis.UNUSED,
    ),
    Table(
        "socialaccount.socialapp",
        _("Not used: who may vouch for people stands in the server's settings"),
        _("Never filled"),
        _NOBODY,
        {"id provider provider_id name client_id secret key settings": _("Stays empty")},
        Basis.UNUSED,
    ),
)
SESSIONS = (
    Table(
        "sessions.session",
        _("To keep you signed in, and to know you again while you take part without an account"),
        _END_OF_SESSION,
        _NOBODY,
        {
            "session_key": _("What your cookie holds"),
            "session_data": _("Which account you are signed in with, or a random key without one"),
            "expire_date": _("When it ends"),
        },
    ),
    Table(
        "usersessions.usersession",
        _("To show you where you are signed in, so that you can end a session"),
        _END_OF_SESSION,
        YOU,
        {
            "id": ROW,
            "user": WHOSE,
            "session_key": _("Which session it is"),
            "ip": _("Always empty: we do not keep from where"),
            "user_agent": _("Which browser, so that you recognise it"),
            "created_at last_seen_at": _("Since when you are signed in there"),
            "data": _("Stays empty"),
        },
        change="usersessions_list",
    ),
)
OPERATORS = (
    Table(
        "admin.logentry",
        _("To show what operators changed"),
        TWO_YEARS_AFTER,
        _OPERATORS,
        {
            "id": ROW,
            "user": _("The operator"),
            "action_time": _("When"),
            "content_type object_id object_repr": _("What they changed; gone with your account"),
            "action_flag change_message": _("How they changed it"),
        },
        Basis.DUTY,
    ),
    Table("auth.group", _UNUSED, _PROGRAM, _OPERATORS, {"id name": _("Stays empty")}, Basis.UNUSED),
    Table(
        "auth.group_permissions",
        _UNUSED,
        _PROGRAM,
        _OPERATORS,
        {"id group permission": _("Stays empty")},
        Basis.UNUSED,
    ),
    Table(
        "identity.user_groups",
        _UNUSED,
        _PROGRAM,
        _OPERATORS,
        {"id user group": _("Stays empty")},
        Basis.UNUSED,
    ),
    Table(
        "identity.user_user_permissions",
        _UNUSED,
        WITH_ACCOUNT,
        _OPERATORS,
        {"id user permission": _("Stays empty")},
        Basis.UNUSED,
    ),
    Table(
        "auth.permission",
        _("To name what can be done in the operators' pages"),
        _PROGRAM,
        _OPERATORS,
        {"id name content_type codename": _("One deed on one table")},
        Basis.NOBODY,
    ),
    Table(
        "contenttypes.contenttype",
        _("To name the tables"),
        _PROGRAM,
        _OPERATORS,
        {"id app_label model": _("One table")},
        Basis.NOBODY,
    ),
)
TABLES = SIGNING_IN + SESSIONS + OPERATORS
