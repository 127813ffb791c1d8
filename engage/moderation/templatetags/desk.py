"""What pages of other floors say of the desk. Deliberately absent: any text that waits there."""

from django import template

from engage.identity.rules import Person
from engage.moderation.selectors.desk import moderated_items

register = template.Library()


@register.simple_tag
def texts_waiting(person: Person) -> int:
    """How many texts wait in the areas that ``person`` moderates; two queries at most."""
    return moderated_items(person).filter(queued_at__isnull=False).count()
