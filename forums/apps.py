"""Forums as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ForumsConfig(AppConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self) -> None:
        from engage.identity import holdings
        from engage.identity.services.forgetting import forget_too
        from engage.moderation import writings
        from forums.holdings import FORUMS
        from forums.search.laying import lay, lift
        from forums.services.deciding import POSTS
        from forums.services.picturing import ORPHANS

        holdings.register(FORUMS)
        writings.register(POSTS)
        forget_too(ORPHANS)
        pre_migrate.connect(lift, sender=self, dispatch_uid="forums.search")
        post_migrate.connect(lay, sender=self, dispatch_uid="forums.search")
