"""Channel layers with faults: what a layer loses, doubles and turns round costs no truth."""

import asyncio
import random

from channels.layers import InMemoryChannelLayer


class Unreliable(InMemoryChannelLayer):
    """Loses a tenth of the messages, doubles a tenth, and delivers some late and out of order."""

    chance = random.Random(2)

    async def group_send(self, group, message):
        fate = self.chance.random()
        if fate < 0.1:
            return
        if fate < 0.2:
            await super().group_send(group, message)
        if fate < 0.5:
            loop = asyncio.get_running_loop()
            late = super().group_send
            loop.call_later(
                self.chance.random() * 0.05,
                lambda: loop.create_task(late(group, message)),
            )
            return
        await super().group_send(group, message)


class Deaf(InMemoryChannelLayer):
    """Loses everything."""

    async def group_send(self, group, message):
        return
