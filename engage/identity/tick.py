"""What happens by itself with files: each import under way is worked off, wherever it was left.

No queue is stored: what there is to do follows from the rows, so a killed worker's import is simply
found again.
"""

import logging

from django.db import IntegrityError, InterfaceError, OperationalError

from engage.identity.models import Import
from engage.identity.services.importing import UNDER_WAY, Run, refuse_import

AWAY = (OperationalError, InterfaceError, IntegrityError)
"""The database was away, or an area went in this moment: the next round begins afresh."""

log = logging.getLogger("engage.imports")


def work_imports() -> None:
    """Work off everything that waits, the oldest first. A failing import never stops the others."""
    for found in Import.objects.filter(state__in=UNDER_WAY).order_by("at"):
        try:
            Run.of(found).to_the_end()
        except AWAY:
            log.exception("import %s was interrupted; trying again", found.pk)
        except Exception:
            log.exception("import %s cannot go on", found.pk)
            refuse_import(found.pk, "broken")
