"""Who may do what at the desk; cheap questions first."""

from engage.identity.domain.roles import Role
from engage.identity.rules import Person, is_trusted_anywhere, may_administer, may_moderate
from engage.moderation.models import Appeal, Item, Sanction


def may_see_desk(person: Person) -> bool:
    """Moderate somewhere; which texts, is ``may_decide``'s to say."""
    return is_trusted_anywhere(person, Role.MODERATOR)


def may_see_item(person: Person, item: Item) -> bool:
    """Moderate the area of the text; one's own is seen there, too, and not decided on."""
    return may_moderate(person, item.area_id or "")


def may_decide(person: Person, item: Item) -> bool:
    """Never on one's own text."""
    return person.pk != item.author_id and may_moderate(person, item.area_id or "")


def may_answer_appeal(person: Person, appeal: Appeal) -> bool:
    """Another moderator than the one who decided, and not the author.

    An appeal against a sanction is answered by whoever may lift it: the text may stand elsewhere.
    """
    decision = appeal.decision
    if person.pk == decision.by_id or not may_decide(person, decision.item):
        return False
    sanction = getattr(decision, "sanction", None)
    return sanction is None or may_lift(person, sanction)


def may_lift(person: Person, sanction: Sanction) -> bool:
    """Moderate all of where it holds; nobody lifts their own."""
    return person.pk != sanction.person_id and may_moderate(person, sanction.area_id or "")


def may_edit_lists(person: Person) -> bool:
    """Reasons, words and promises hold everywhere: for who moderates or runs the whole town."""
    return may_moderate(person) or may_administer(person)
