"""What the shell around every page reads: the platform's identity, the person's places in the navigation."""

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict:
    return {"platform": settings.PLATFORM, "demo": settings.DEMO}
