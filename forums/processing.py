"""What the forums keep and why, for the register of processing."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

_TEXTS = _(
    "For good; when you erase your account you choose whether your texts stay without a name"
)
_READERS = _("Whoever may read the category; what was hidden, you and its moderators")
_YOU = _("You; no page shows it to anybody else")
_ACCOUNT = _("Until you take it back, or with your account")
_ROW = _("Tells rows apart")
_WHOSE = _("Whose it is: the random key of an account")
_POST = _("Which post")
_THREAD = _("Which thread")

TABLES = (
    Table(
        "forums.category",
        _("To say where what is talked about, who reads and who writes there"),
        _("As long as the town keeps the category"),
        _("Whoever may read the category"),
        {
            "id slug name description theme position": _("What it is called and where it stands"),
            "area readers level only_residents": _("Who reads and who writes there"),
            "look closed": _("Whether moderators look first, and whether it takes new texts"),
        },
        Basis.NOBODY,
    ),
    Table(
        "forums.thread",
        _("To keep together what is said about one subject"),
        _TEXTS,
        _READERS,
        {
            "id category title": _("The subject and where it stands"),
            "author": _("Who began it"),
            "standing": _("Whether it is shown"),
            "started_at last_at last_number told_number posts_count version": _("How far it is"),
            "locked pinned slow_s answered": _("How moderators tend it"),
            "duplicate_of became": _("What it repeats, and what it was turned into"),
        },
    ),
    Table(
        "forums.post",
        _("To let people read what you say, under the name you chose"),
        _TEXTS,
        _READERS,
        {
            "id thread root quotes first number root_number": _("Where it stands, what it answers"),
            "author": _("Who wrote it"),
            "text html": _("What you wrote, as typed and as shown"),
            "standing": _("Whether it is shown"),
            "office": _("In which office's name it answers, if it does"),
            "written_at shown_at edited_at": _("When it was written, shown and changed"),
            "reactions": _("How many said what to it; never who"),
            "attempt": _("So that a form that is sent twice makes one post"),
        },
    ),
    Table(
        "forums.revision",
        _("So that readers can see what a post said when they answered it"),
        _TEXTS,
        _("Whoever may read the post; what was never shown, you and its moderators"),
        {
            "id": _ROW,
            "post": _POST,
            "text": _("What it said before"),
            "by at": _("Who changed it, and when"),
            "shown": _("Whether readers had seen it"),
        },
    ),
    Table(
        "forums.picture",
        _("To show a picture in a post, made anew without what the camera wrote into it"),
        _TEXTS,
        _("Whoever may read the post"),
        {
            "id": _("Part of the picture's address"),
            "post position": _("In which post it is, and at which place"),
            "by": _("Who uploaded it"),
            "alt": _("What it shows, in words"),
            "kind width height content": _("The picture"),
            "at": _("When it was uploaded"),
        },
    ),
    Table(
        "forums.mention",
        _("To tell somebody that a post names them"),
        _("With the post, or with your account"),
        _("Whoever may read the post"),
        {"id": _ROW, "post": _POST, "person": _("Who is named")},
    ),
    Table(
        "forums.reaction",
        _("To count what readers say to a post with one key"),
        _ACCOUNT,
        _("You; everybody else sees how many there are"),
        {"id": _ROW, "post": _POST, "person": _WHOSE, "kind": _("What you said")},
    ),
    Table(
        "forums.stir",
        _("To count the reactions to a post anew"),
        _("Until they are counted, within seconds"),
        _("Nobody; only the server reads it"),
        {"id": _ROW, "post": _POST},
        Basis.NOBODY,
    ),
    Table(
        "forums.follow",
        _("To tell you of new posts in threads that you follow, as often as you like"),
        _ACCOUNT,
        _YOU,
        {
            "id": _ROW,
            "person": _WHOSE,
            "thread": _THREAD,
            "pace": _("How often you want to hear of it"),
            "since": _("Since when"),
        },
        Basis.CONSENT,
    ),
    Table(
        "forums.readplace",
        _("To show you where you stopped reading, and how much is new"),
        _("With your account"),
        _YOU,
        {
            "id": _ROW,
            "person": _WHOSE,
            "thread": _THREAD,
            "number": _("Up to which post you read"),
            "at": _("When you read there last"),
        },
    ),
    Table(
        "forums.notice",
        _("To tell you once of each post, and never twice"),
        _("With the post, or with your account"),
        _YOU,
        {
            "id": _ROW,
            "person": _WHOSE,
            "post": _POST,
            "why": _("Why you hear of it"),
            "due_at told_at": _("From when on you are told, and when you were"),
        },
    ),
    Table(
        "forums.draft",
        _("To keep what you are writing until you send it"),
        _("Until you send it or throw it away, or with your account"),
        _YOU,
        {
            "id": _ROW,
            "person": _WHOSE,
            "place": _("Where you were writing"),
            "title text": _("What you were writing"),
            "changed_at": _("When you last wrote there"),
        },
    ),
)
