"""No log line holds a link that opens something by itself."""

import io
import logging
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from circo import invitations, unsubscribing
from circo.logs import SECRET, NoSecretLink
from circo.models import OutgoingMail
from tests.world import person


@pytest.fixture
def said():
    """What the platform's own log writes."""
    handler = next(h for h in logging.getLogger().handlers if any(isinstance(f, NoSecretLink) for f in h.filters))
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream.getvalue
    handler.setStream(before)


@pytest.fixture
def link(db) -> str:
    newcomer = person("nouvelle@ecole.test", "Nora", "Neuve")
    newcomer.set_unusable_password()
    newcomer.save()
    invitations.invite(person=newcomer, by=None)
    return OutgoingMail.objects.get().text.partition("/invitation/")[2].split()[0].strip("/")


def test_refused_password_leaves_no_invitation_in_the_log(client, link, said):
    assert client.post(reverse("invitation_accept", args=[link]), {"password": "court"}).status_code == 422
    assert Client(enforce_csrf_checks=True).post(reverse("invitation_accept", args=[link])).status_code == 403
    assert said().count("/invitation/…/") == 2
    assert link not in said()


def test_canary_the_log_would_hold_it(client, link, said, monkeypatch):
    monkeypatch.setattr(NoSecretLink, "filter", lambda self, record: True)
    client.post(reverse("invitation_accept", args=[link]), {"password": "court"})
    assert link in said()


def test_every_secret_of_an_address_is_masked_and_ids_are_not(world):
    token = unsubscribing.token(world.amina, unsubscribing.DIGEST)
    keys = {"uidb36": "1a", "key": f"cw1abc-{'0' * 32}"}
    for path in (
        reverse("portal:unsubscribe", args=[token]),
        reverse("portal:notice_restore", args=[token]),
        reverse("account_confirm_email", args=["MTU:1xVWTM:4SaYrGGmPK24d91amj55wT3jCfTggJaH8b6yPQko"]),
        reverse("account_reset_password_from_key", kwargs=keys),
        f"/invitation/{'x' * 43}",
    ):
        assert "…" in SECRET.sub("…", f"Forbidden (no cookie): {path}")
        assert not SECRET.search(SECRET.sub("…", path))
    film = reverse("videos:film_media", args=[uuid.uuid4(), "video-1-00000.m4s"])
    assert SECRET.sub("…", f"Not Found: {film}") == f"Not Found: {film}"
