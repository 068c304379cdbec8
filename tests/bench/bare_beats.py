"""The least that Django can do for a beat: one view, no middleware, one row written."""

from __future__ import annotations

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # without it, allauth lets nothing start
settings.ROOT_URLCONF = __name__
django.setup(set_prefix=False)

from circo import threads  # noqa: E402 (models are ready only now)
from trainings.models import WatchedExcerpt  # noqa: E402


def beat(request: HttpRequest) -> HttpResponse:
    WatchedExcerpt.objects.filter(pk=request.POST["token"]).update(position_s=float(request.POST["at_s"]))
    return HttpResponse(b"{}")


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [path("", beat)]
handler404 = nowhere
application = threads.Pages()
