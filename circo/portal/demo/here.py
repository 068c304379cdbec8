"""A demonstration stays on its own machine: everybody knows its passwords, and reads its mails."""

from __future__ import annotations

import ipaddress

from django.conf import settings

from circo.errors import Refusal


def refuse_in_public() -> None:
    """Refuse to open known accounts elsewhere than on this machine.

    Raises: Refusal if DEMO is off, or if the site answers to a name that others may reach.
    """
    if not settings.DEMO:
        raise Refusal("La démonstration se lance par « make demo » (ou avec la variable DEMO=1).")
    if public := [host for host in settings.ALLOWED_HOSTS if not is_of_this_machine(host)]:
        raise Refusal(
            "La démonstration ouvre des comptes dont le mot de passe est connu de tous : elle ne sert que sur cette "
            f"machine. Retirez {', '.join(public)} de ALLOWED_HOSTS."
        )


def is_of_this_machine(host: str) -> bool:
    """Tell whether a host name can only mean the machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
