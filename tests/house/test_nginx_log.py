"""The log of nginx holds no address that opens something by itself: the real nginx, the configuration that we ship."""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path

import pytest
import requests
from django.urls import reverse
from django.utils import timezone

from circo import unsubscribing
from circo.calendar import addresses
from networks.meetings import attending
from networks.models import Meeting
from tests.servers import nginx
from tests.servers.web import free_port
from tests.world import World
from videos.consents.rules import new_key

pytestmark = [pytest.mark.service, pytest.mark.django_db]


def secret_addresses(world: World) -> dict[str, str]:
    """Each kind of address that opens something by itself, by the secret in it."""
    found = {}
    signed, feed = unsubscribing.token(world.amina, unsubscribing.DIGEST), addresses.secret_of(1, "x")
    invitation, family, reset = secrets.token_urlsafe(32), new_key(), f"cw1abc-{secrets.token_hex(16)}"
    code = attending.scanned(Meeting(pk=7)).code_at(timezone.now())
    confirmed = "MTU:1xVWTM:4SaYrGGmPK24d91amj55wT3jCfTggJaH8b6yPQko"
    found[invitation] = reverse("invitation_accept", args=[invitation])
    found[feed] = reverse("calendar:feed", args=[feed])
    found[code] = reverse("networks:attendance_scan", args=[7, code])
    found[family] = reverse("videos:withdrawal_confirm", args=[family])
    found[signed] = reverse("portal:unsubscribe", args=[signed])
    found[reset] = reverse("account_reset_password_from_key", kwargs={"uidb36": "1a", "key": reset})
    found[confirmed] = reverse("account_confirm_email", args=[confirmed])
    found["ABCD" * 7] = reverse("documents:verify_document", args=["ABCD" * 7])
    found["un-mot-de-la-recherche"] = f"{reverse('portal:search')}?q=un-mot-de-la-recherche"
    return found


def logged(folder: Path, paths: list[str]) -> str:
    """All that nginx writes while these are asked of a platform that does not answer."""
    folder.mkdir()
    with nginx.nginx_server(folder, platform=free_port(), media=folder) as port:
        for path in paths:
            home = f"http://127.0.0.1:{port}"
            assert requests.get(home + path, headers={"Referer": home + path}, timeout=20).status_code == 502
    return "".join(file.read_text() for file in sorted(folder.glob("*.log")))


def test_no_secret_of_an_address_is_in_the_log_and_other_paths_are(world, tmp_path):
    film = reverse("videos:film_media", args=[uuid.uuid4(), "video-1-00000.m4s"])
    script = "/static/js/lecteur-sous-titrage-garde.0123456789ab.js"
    kept = [film, script, reverse("networks:salon_list")]
    asked = secret_addresses(world)
    text = logged(tmp_path / "nginx", [*asked.values(), *kept, f"/invitation/%41{'b' * 40}/"])
    assert text.count('HTTP/1.1" 502 ') == len(asked) + len(kept) + 1
    assert [secret for secret in asked if secret in text] == []
    assert "bbbb" not in text
    assert text.count("GET /invitation/***/ HTTP") == 2
    assert f"GET {reverse('videos:withdrawal', args=['x']).replace('/x/', '/***/')}confirmer/ HTTP" in text
    for path in kept:
        assert f"GET {path} HTTP" in text


def test_the_canary_nginx_s_own_format_writes_them(world, tmp_path, monkeypatch):
    plain = tmp_path / "plain.conf"
    plain.write_text(nginx.SHIPPED.read_text().replace("partages.log partages;", "partages.log combined;"))
    monkeypatch.setattr(nginx, "SHIPPED", plain)
    asked = secret_addresses(world)
    text = logged(tmp_path / "nginx", list(asked.values()))
    assert [secret for secret in asked if secret not in text] == []
