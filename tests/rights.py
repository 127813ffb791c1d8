"""Who is answered what, everywhere: the one table that the town is held to.

A route, a method or a kind of topic that is not in it fails ``tests/test_rights.py``, and so does
an entry without a route. "name@thing" asks the same route for another thing (``filled_town``).
"""

from tests.filled_town import PEOPLE
from tests.policies import (  # noqa: F401  who reads the table reads these
    ADMINISTRATORS,
    ALL,
    FORBIDDEN,
    FRESH,
    HERE,
    HIDDEN,
    MEMBERS,
    OPEN,
    OPERATOR,
    ORGANISERS,
    SIGN_IN,
    STAFF,
    Policy,
    but,
    deed,
    form,
    only,
    page,
)
from tests.rights_desk import AT_THE_DESK, DESK_TOPICS
from tests.rights_moderation import MODERATION
from tests.rights_talk import TALK, TALK_TOPICS

# Whoever organises elsewhere hears of a draft as of one that was never written.
MANAGED = only(*HERE)
DRAFTED = but(MANAGED, hidden=("organiser-elsewhere",))
DRAFT_SEEN = only(*HERE, strangers=HIDDEN, others=HIDDEN)
NOT_YET = dict.fromkeys(PEOPLE, HIDDEN)

SHELL = {
    "language": page(ALL),
    "appearance": form(ALL),
    "town-css": page(ALL),
    "voting-help": page(ALL),
    "page": page(ALL),
    "text-versions": page(ALL),
    "register": page(ALL),
    "register-json": page(ALL),
    "register-csv": page(ALL),
    "ready": page(ALL),
}

POLLS = {
    "home": page(ALL),
    "polls": page(ALL),
    "poll-new": form(only(*ORGANISERS)),
    "markdown-preview": deed(only(*ORGANISERS)),
    "poll": page(ALL),
    "poll@draft": page(DRAFT_SEEN),
    "poll@decided": page(ALL),
    "poll-edit": form(MANAGED),  # an announced one says that it is fixed
    "poll-edit@draft": form(DRAFTED),
    "poll-manage": page(MANAGED),
    "poll-manage@draft": page(DRAFTED),
    "poll-deed": form(MANAGED),
    "poll-deed@announce": form(DRAFTED),
    "poll-deed@open": form(MANAGED),
    "poll-deed@annul": form(MANAGED),
    "pass": form(ALL),
    "pass@draft": form(DRAFT_SEEN),
    "tally": page(ALL),
    "tally@draft": page(NOT_YET),
    "manifest": page(ALL),
    "manifest@draft": page(NOT_YET),
    "record": page(NOT_YET),
    "record@decided": page(ALL),
    "record@draft": page(NOT_YET),
    "verify": page(ALL),
    "protocol": page(ALL),
    "live": page(ALL),
    "live@draft": page(DRAFT_SEEN),
}

# The ballot box knows nobody, and therefore answers everybody the same.
BOOTH = {
    "booth": page(ALL),
    "booth@draft": page(NOT_YET),
    "ballots": deed(ALL),
    "ballots@draft": deed(NOT_YET),
    "checkpoint": page(ALL),
    "checkpoint@draft": page(NOT_YET),
    "tile": page(ALL),
    "tile@draft": page(NOT_YET),
    "proofs": page(ALL),
    "proofs@draft": page(NOT_YET),
}

ROLES = only("auditor", "administrator", "administrator-elsewhere", "operator")
OFFICE = {
    "you": page(MEMBERS),
    "office": page(only(*STAFF)),
    "roles": page(ROLES),
    "roles-ended": page(ROLES),
    "role-give": form(only("administrator", "administrator-elsewhere", "operator")),
    "role-end": form(but(only(*ADMINISTRATORS), hidden=("administrator-elsewhere",))),
    "audit": page(only("auditor", "operator")),
}

RESIDENT_S = only("resident", others=HIDDEN)
OFFICERS = only("officer", "officer-elsewhere", "operator")
OFFICE |= {
    "people": form(OFFICERS),
    "person-new": form(OFFICERS),
    "person": page(OFFICERS),
    "person-check": form(OFFICERS),
    "claim-take-back": {
        "GET": OFFICERS,
        "POST": but(OFFICERS, forbidden=("officer-elsewhere",)),
    },
    "letters": page(OFFICERS),
    "letters-print": deed(but(OFFICERS, hidden=("officer-elsewhere",))),
    "assist": page(OFFICERS),
    "assist-person": page(OFFICERS),
    "assist-begin": form(but(OFFICERS, forbidden=("officer-elsewhere",))),
    "assist-ballot": form(but(OFFICERS, forbidden=("officer-elsewhere",))),
    "areas": page(only(*ADMINISTRATORS)),
    "area-new": form(only(*ADMINISTRATORS)),
    "area-name": form(only(*ADMINISTRATORS)),
    "area-boundary": form(only(*ADMINISTRATORS)),
    "area-remove": form(only(*ADMINISTRATORS)),
    "imports": form(only(*ADMINISTRATORS)),
    "import": page(only(*ADMINISTRATORS)),
    "import-report": page(only(*ADMINISTRATORS)),
    "import-carry-out": form(only(*ADMINISTRATORS)),
    "import-give-up": deed(only(*ADMINISTRATORS)),
    "office-town": form(only(*ADMINISTRATORS)),
    "office-town-colours": page(only(*ADMINISTRATORS)),
    "office-texts": page(only(*ADMINISTRATORS)),
    "office-text": form(only(*ADMINISTRATORS)),
}

OWN = {
    "place": page(MEMBERS),
    "place-letter": {"GET": MEMBERS, "POST": but(MEMBERS, forbidden=("author",))},  # has one
    "place-code": {"GET": MEMBERS, "POST": only("author")},  # the code of the author's letter
    "place-give-up": deed(MEMBERS),
    "you-earlier": form(MEMBERS),
    "you-data": page(MEMBERS),
    "you-name": form(MEMBERS),
    "you-claims": form(MEMBERS),
    "you-consents": {"GET": MEMBERS, "POST": RESIDENT_S},
    "you-download": page(MEMBERS),
    "you-download-file": page(RESIDENT_S),  # a link that was made for the resident
    "you-erase": form(but(MEMBERS, forbidden=STAFF)),  # whoever works here ends that first
    "you-erased": page(ALL),
    "you-mail": form(MEMBERS),
    "mail-stop": form(ALL),  # the signed link of a mail is the permission
}  # fmt: skip

# The accounts library, as we draw it.
NOWHERE = dict.fromkeys(PEOPLE, HIDDEN)
TO_SIGN_IN = dict.fromkeys(PEOPLE, SIGN_IN)
NOT_THEIRS = only(others=HIDDEN)  # there is a key, but it is nobody's of these
ANEW = only(others=FRESH)
SIGNING = {
    "account_login": form(ALL),
    "account_logout": form(ALL),
    "account_signup": form(ALL),
    "account_signup_by_passkey": form(ALL),
    "account_request_login_code": form(ALL),
    "account_confirm_login_code": form(ALL),
    "account_inactive": page(ALL),
    "account_email_verification_sent": form(MEMBERS),
    "account_email": form(MEMBERS),
    "account_reauthenticate": form(ANEW),
    "fresh-code": form(MEMBERS),
    "passkey-skip": deed(TO_SIGN_IN),
    "usersessions_list": form(MEMBERS),
    "mfa_index": page(MEMBERS),
    "mfa_authenticate": form(MEMBERS),
    "mfa_reauthenticate": form(ANEW),
    "mfa_activate_totp": form(MEMBERS),
    "mfa_deactivate_totp": form(NOT_THEIRS),
    "mfa_view_recovery_codes": page(NOT_THEIRS),
    "mfa_generate_recovery_codes": form(MEMBERS),
    "mfa_download_recovery_codes": page(NOT_THEIRS),
    "mfa_list_webauthn": page(MEMBERS),
    "mfa_add_webauthn": form(MEMBERS),
    "mfa_edit_webauthn": form(NOT_THEIRS),
    "mfa_remove_webauthn": form(NOT_THEIRS),
    "mfa_reauthenticate_webauthn": form(ANEW),
    "mfa_login_webauthn": form(MEMBERS),
    "mfa_signup_webauthn": form(ALL),
    "socialaccount_connections": form(MEMBERS),
    "socialaccount_login_cancelled": page(ALL),
    "socialaccount_login_error": page(ALL),
    "socialaccount_signup": form(TO_SIGN_IN),
    # Nobody configured an identity service in this town.
    "oidc_login": form(NOWHERE),
    "oidc_fresh": form(MEMBERS),
    "oidc_join": deed(NOT_THEIRS),
    "oidc_callback": page(NOWHERE),
    # There are no passwords.
    "no-passwords": page(NOWHERE),
    "account_change_password": page(NOWHERE),
    "account_set_password": page(NOWHERE),
    "account_reset_password": page(NOWHERE),
    "account_reset_password_done": page(NOWHERE),
    "account_reset_password_from_key": page(NOWHERE),
    "account_reset_password_from_key_done": page(NOWHERE),
    # Where the library's addresses once were; they lead to where they are.
    "accounts/social/login/cancelled/": page(ALL),
    "accounts/social/login/error/": page(ALL),
    "accounts/social/signup/": page(ALL),
    "accounts/social/connections/": page(ALL),
}
# Whoever signed in long ago is first led to show again who they are.
NEEDS_FRESH = frozenset({
    "account_email", "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "oidc_join",
    "socialaccount_connections",
        "you-download",
        "you-download-file",
        "you-erase",
    })  # fmt: skip

# Pages of the operators: what of each model they may do, beside looking.
ADMIN = {
    "identity_user": "change",
    "account_emailaddress": "",
    "admin_logentry": "",
    "forums_category": "",
    "forums_thread": "",
    "identity_area": "",
    "identity_assistance": "",
    "identity_claim": "",
    "identity_consent": "",
    "identity_disclosure": "",
    "identity_import": "",
    "identity_letter": "",
    "identity_optout": "",
    "identity_place": "",
    "identity_rolegrant": "",
    "journal_entry": "",
    "journal_topichead": "",
    "moderation_appeal": "",
    "moderation_decision": "",
    "moderation_flag": "",
    "moderation_item": "",
    "moderation_promise": "",
    "moderation_reason": "",
    "moderation_remark": "",
    "moderation_sanction": "",
    "moderation_signal": "",
    "moderation_word": "",
    "voting_poll": "",
    "web_text": "",
    "web_town": "",
}
OPERATORS = {
    "admin:index": page(OPERATOR),
    "admin:app_list": page(OPERATOR),
    "admin:login": form(only("operator")),  # our own way in
    "admin:logout": deed(ALL),
    "admin:password_change": form(OPERATOR),
    "admin:password_change_done": page(OPERATOR),
    "admin:autocomplete": page(but(OPERATOR, forbidden=("operator",))),
    "admin:jsi18n": page(OPERATOR),
    "admin:view_on_site": page(but(OPERATOR, hidden=("operator",))),
    "admin/(?P<url>.*)$": page(but(OPERATOR, hidden=("operator",))),
}


def operators_pages(model: str, deeds: str) -> dict[str, dict[str, Policy]]:
    """The pages of one model: changing and deleting are there as far as they are allowed."""
    refused = but(OPERATOR, forbidden=("operator",))
    allowed = {verb: OPERATOR if verb in deeds else refused for verb in ("add", "change", "delete")}
    return {
        f"admin:{model}_changelist": form(OPERATOR),
        f"admin:{model}_history": page(OPERATOR),
        f"admin:{model}_add": form(allowed["add"]),
        f"admin:{model}_change": {"GET": OPERATOR, "POST": allowed["change"]},
        f"admin:{model}_delete": form(allowed["delete"]),
        f"admin/{model.replace('_', '/')}/<path:object_id>/": page(OPERATOR),
    }


for model, deeds in ADMIN.items():
    OPERATORS |= operators_pages(model, deeds)

LIBRARY = frozenset([*SIGNING, *OPERATORS])
"""Where a library answers other methods as it does GET or POST: held to change nothing by them."""

ROUTES: dict[str, dict[str, Policy]] = {
    **SHELL,
    **POLLS,
    **BOOTH,
    **OFFICE,
    **OWN,
    **MODERATION,
    **AT_THE_DESK,
    **TALK,
    **SIGNING,
    **OPERATORS,
}

# Kind of topic @ thing -> who may follow it.
TOPICS = {
    "poll@open": ALL,
    "poll@decided": ALL,
    "poll@draft": DRAFT_SEEN,
    "import@file": only(*ADMINISTRATORS, strangers=HIDDEN, others=HIDDEN),
    **TALK_TOPICS,
    **DESK_TOPICS,
}

# Whom a route lets through without the secret of a form, and why that harms nobody.
WITHOUT_SECRET = {
    "ballots": "the ballot box has no cookie by which anybody could be misused",
    "mail-stop": "a mail program sends it (RFC 8058); it can only end mails, by a signed link",
}

# Forms of ours that write no row as they are filled in here: they show something, or say why not.
WRITES_NOTHING = {
    "appearance",
    "desk-words-try",
    "assist-ballot",  # nobody began to help
    "markdown-preview",
    "poll-edit",  # an announced poll is fixed
    "post-preview",
    "thread-writing",  # kept for seconds, and not in the database
    "you-earlier",  # what the browser did was only to look
}
