"""The least that Django can do for a beat: one view, no middleware, one row written."""

from __future__ import annotations

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # without it, allauth lets nothing start
settings.ROOT_URLCONF = __name__
application = get_asgi_application()

from trainings.models import WatchedExcerpt  # noqa: E402 (models are ready only now)


def beat(request: HttpRequest) -> HttpResponse:
    WatchedExcerpt.objects.filter(pk=request.POST["token"]).update(position_s=float(request.POST["at_s"]))
    return HttpResponse(b"{}")


urlpatterns = [path("", beat)]
