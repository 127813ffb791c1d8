"""The whole application as one ASGI callable: pages by HTTP, live updates by websocket."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engage.settings")
pages = get_asgi_application()

from realtime.routing import sockets  # noqa: E402  needs the apps to be loaded

application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
