"""The town's texts as pages read them: one query for a text, one for its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from engage.web.models import Text


@dataclass(frozen=True)
class Version:
    """When a version of a text was published."""

    number: int
    published_at: datetime


@dataclass(frozen=True)
class Reading:
    """A text in the language it can be read in, and every version there is in that language."""

    text: Text
    versions: Sequence[Version]

    @property
    def is_newest(self) -> bool:
        return self.text.version == self.versions[0].number


def newest_text(slug: str, language: str) -> Text | None:
    """The version of a text that counts now, in exactly this language."""
    return Text.objects.filter(slug=slug, language=language).first()


def reading(slug: str, language: str, version: int | None = None) -> Reading | None:
    """A text in ``language``, else in the town's own, else in any; None if there is none.

    Two queries, however many versions.
    """
    rows = Text.objects.filter(slug=slug).values_list("language", "version", "published_at")
    found: dict[str, list[Version]] = {}
    for spoken, number, at in rows:
        found.setdefault(spoken, []).append(Version(number, at))
    if not found:
        return None
    wanted = (language, settings.LANGUAGE_CODE, *found)
    spoken = next(each for each in wanted if each in found)
    number = version or found[spoken][0].number
    text = Text.objects.filter(slug=slug, language=spoken, version=number).first()
    return Reading(text, found[spoken]) if text else None


def newest_texts() -> dict[tuple[str, str], Text]:
    """What counts now of every text in every language, and who published it; one query."""
    rows = Text.objects.order_by("version").defer("body").select_related("by")
    return {(text.slug, text.language): text for text in rows}
