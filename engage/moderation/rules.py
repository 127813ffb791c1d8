"""Who may do what at the desk; cheap questions first."""

from engage.identity.rules import Person, may_administer, may_moderate


def may_edit_lists(person: Person) -> bool:
    """Reasons, words and promises hold everywhere: for who moderates or runs the whole town."""
    return may_moderate(person) or may_administer(person)
