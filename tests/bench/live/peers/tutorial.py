"""Live updates as the Channels tutorial teaches them: a consumer each, ``group_send`` for all.

An ASGI application for daphne, with the stack of the tutorial and the apps and database of
``startproject``; REDIS_URL decides between the in-memory layer and Redis.
"""

import json
import os

import django
from django.conf import settings

REDIS = os.environ.get("REDIS_URL")
LAYER = (
    {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # Not in the tutorial, but with redis-py's own five seconds readers are thrown out.
        "CONFIG": {"hosts": [{"address": REDIS, "socket_timeout": None}]},
    }
    if REDIS
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
)
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(os.environ.get("DATA_DIR", "."), "tutorial.sqlite3"),
        }
    },
    CHANNEL_LAYERS={"default": LAYER},
)
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class TallyConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("poll", self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard("poll", self.channel_name)

    async def tally(self, event):
        await self.send_json(event["data"])


async def publish(request):
    message = {"type": "tally", "data": json.loads(request.body)}
    await get_channel_layer().group_send("poll", message)
    return HttpResponse()


urlpatterns = [path("publish", publish)]
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter([path("ws/", TallyConsumer.as_asgi())]))
        ),
    }
)
