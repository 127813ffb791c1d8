"""What the sample town answers for, from ``texts/<slug>.<language>.md``: a title, then the words.

Idempotent: a text that is there in any version is left as it is.
"""

from collections.abc import Iterator
from pathlib import Path

from engage.identity.domain.roles import Role
from engage.identity.models import User
from engage.web.models import Text
from engage.web.services import publish_text

FOLDER = Path(__file__).parent / "texts"


def sample_texts() -> Iterator[tuple[str, str, str, str]]:
    """``(slug, language, title, body)`` of every file."""
    for path in sorted(FOLDER.glob("*.md")):
        slug, language = path.stem.rsplit(".", 1)
        title, body = path.read_text().split("\n", 1)
        yield slug, language, title.removeprefix("# "), body.strip()


def fill_texts(otherwise: User) -> None:
    """Publish what is not there yet, as an administrator or, where nobody is one, ``otherwise``."""
    by = User.objects.filter(grants__role=Role.ADMINISTRATOR).first() or otherwise
    there = set(Text.objects.values_list("slug", "language"))
    for slug, language, title, body in sample_texts():
        if (slug, language) not in there:
            publish_text(
                allowed=True, by=by.pk, slug=slug, language=language, title=title, body=body,
                after=0,
            )  # fmt: skip
