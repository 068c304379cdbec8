"""What an address asks for."""

import re

from django.http import HttpRequest


def number_in(request: HttpRequest, name: str) -> int | None:
    """The number that the address gives under that name; None if it is none."""
    text = request.GET.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None
