"""The one ASGI application: pages over HTTP, live channels over WebSocket."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware
from django.conf import settings

from circo import threads
from circo.portal.demo import here

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circo.settings")

if settings.DEMO:
    here.refuse_in_public()  # by whatever command the web starts
django.setup(set_prefix=False)
pages = threads.Pages()

from circo import bodies, live  # noqa: E402 (models are ready only now)
from networks.mentoring.live import websocket_urlpatterns as of_mentoring  # noqa: E402
from networks.salons.live import websocket_urlpatterns as of_salons  # noqa: E402
from videos.live import websocket_urlpatterns as of_films  # noqa: E402

routes = ProtocolTypeRouter(
    {
        "http": bodies.KnownSenders(pages),
        "websocket": CookieMiddleware(URLRouter([*of_mentoring, *of_salons, *of_films, live.NOWHERE])),
    }
)
application = threads.apart(routes)
