"""The two steps of a launch, and what is remembered in between, in this browser and here.

Nothing is kept in the session: the answer of the other platform comes from another site, without its cookie. A cookie
of its own, that other sites may send back, binds each question to one browser; then a second one, that they may not.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from trainings.lti import rules, tokens
from trainings.lti.rules import Doubt, Launch
from trainings.models import LtiPlatform

SALT = "trainings.lti.launches"
ASKED_FOR_S = 600  # from the question to the answer
KEPT_FOR_S = 1800  # from the answer to the end of a sign-in
COOKIE_PATH = "/lti/"


def _question_cookie(mark: str) -> str:
    return f"lti-q-{mark}"


def _cookie(mark: str) -> str:
    return f"lti-{mark}"


def launch_address() -> str:
    """Where platforms send what they sign; the only address that they may send it to."""
    return f"{settings.SITE_URL}{reverse('trainings:lti_launch')}"


def address_of(path_id: int) -> str:
    """The address of a path for other platforms."""
    return f"{settings.SITE_URL}{reverse('trainings:lti_path', args=[path_id])}"


def path_in(target: str) -> int | None:
    """The path that an address of ours names; None for the general one. Nobody is ever sent to what was given.

    Raises: Doubt for any other address.
    """
    if target == launch_address():
        return None
    found = re.search(r"/(\d{1,18})/$", target, re.ASCII)
    if found is None or target != address_of(int(found[1])):
        raise Doubt("another target")
    return int(found[1])


def platform_of(issuer: str, client_id: str) -> LtiPlatform:
    """The platform that calls itself so. Without a client number, the only one of that issuer.

    Raises: Doubt.
    """
    rows = LtiPlatform.objects.active().filter(issuer=issuer)
    found = list((rows.filter(client_id=client_id) if client_id else rows).order_by("pk")[:2])
    if len(found) != 1:
        raise Doubt("unknown platform")
    return found[0]


def begin(asked: Any) -> tuple[str, str, str]:
    """Answer a platform that announces a launch: where the browser goes, and the name and value of its cookie.

    Raises: Doubt.
    """
    asked = {name: value.replace("\0", "") for name, value in asked.items()}
    platform = platform_of(asked.get("iss", ""), asked.get("client_id", ""))
    deployment = asked.get("lti_deployment_id", "")
    if deployment and deployment not in platform.deployment_ids:
        raise Doubt("unknown deployment")
    target, hint = asked.get("target_link_uri", ""), asked.get("login_hint", "")
    path_in(target)
    if not hint:
        raise Doubt("no login hint")
    mark, nonce = secrets.token_urlsafe(12), secrets.token_urlsafe(32)
    state = signing.dumps({"mark": mark, "platform": platform.pk, "nonce": nonce, "target": target}, salt=SALT)
    question = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": launch_address(),
        "login_hint": hint,
        "state": state,
        "nonce": nonce,
    }
    if message := asked.get("lti_message_hint"):
        question["lti_message_hint"] = message
    joint = "&" if "?" in platform.auth_url else "?"
    return f"{platform.auth_url}{joint}{urlencode(question)}", _question_cookie(mark), state


def remember_question(response: HttpResponse, name: str, state: str) -> None:
    """Let other sites send it back: the answer comes from one. Browsers take such a cookie over TLS alone, and from
    this machine's own name."""
    response.set_cookie(name, state, max_age=ASKED_FOR_S, path=COOKIE_PATH, httponly=True, samesite="None", secure=True)


def receive(request: HttpRequest) -> tuple[str, Launch]:
    """Check the answer of a platform, once, and keep what it says; return its mark.

    Raises: Doubt.
    """
    state = request.POST.get("state", "")
    try:
        ours = signing.loads(state, salt=SALT, max_age=ASKED_FOR_S)
    except signing.SignatureExpired as error:
        raise Doubt("too late") from error
    except signing.BadSignature as error:
        raise Doubt("state not ours") from error
    if not constant_time_compare(request.COOKIES.get(_question_cookie(ours["mark"]), ""), state):
        raise Doubt("other browser")
    if "error" in request.POST:
        raise Doubt("the platform refused")
    platform = LtiPlatform.objects.active().filter(pk=ours["platform"]).first()
    if platform is None:
        raise Doubt("unknown platform")
    claims = tokens.claims_of(request.POST.get("id_token", ""), platform)
    checked = rules.check(
        claims,
        client_id=platform.client_id,
        nonce=ours["nonce"],
        target=ours["target"],
        deployments=platform.deployment_ids,
    )
    if not cache.add(f"lti-nonce:{ours['nonce']}", 1, 2 * ASKED_FOR_S):
        raise Doubt("replayed")
    launch = rules.read(
        claims,
        platform_id=platform.pk,
        path_id=path_in(ours["target"]),
        checked=checked,
        hosts=platform.hosts,
    )
    return ours["mark"], launch


def keep(response: HttpResponse, mark: str, launch: Launch) -> None:
    """Remember a launch for as long as a sign-in may take, for this browser alone."""
    secret = secrets.token_urlsafe(32)
    response.delete_cookie(_question_cookie(mark), path=COOKIE_PATH, samesite="None")
    cache.set(f"lti-launch:{mark}", {"secret": secret, "launch": asdict(launch)}, KEPT_FOR_S)
    response.set_cookie(
        _cookie(mark),
        secret,
        max_age=KEPT_FOR_S,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def kept(request: HttpRequest, mark: str) -> Launch:
    """The launch that this browser brought.

    Raises: Doubt for another browser's, or one that is over.
    """
    row = cache.get(f"lti-launch:{mark}") if re.fullmatch(r"[\w-]{16}", mark, re.ASCII) else None
    if row is None:
        raise Doubt("too late")
    if not constant_time_compare(request.COOKIES.get(_cookie(mark), ""), row["secret"]):
        raise Doubt("other browser")
    return Launch(**row["launch"])
