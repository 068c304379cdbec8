"""Invitations: one link, one use, seven days."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo import invitations
from circo.errors import Refusal
from circo.models import Invitation, OutgoingMail, Person
from circo.rules import Role
from tests.mails import deliver
from tests.world import PASSWORD, post

NEW = "quatre lézards sous un parasol"


@pytest.fixture
def nadia(world):
    """Imported, with a class, and not invited yet."""
    person = Person.objects.create_user("nadia@ecole.test", first_name="Nadia", last_name="Neuve")
    post(person, Role.TEACHER, world.here.schools[0], levels=["CP"])
    return person


@pytest.fixture
def link(world, nadia):
    return invite(world, nadia)


def invite(world, person, by=None):
    invitations.invite(person=person, by=by or world.inspector)
    (message,) = deliver()
    return re.search(r"http://localhost:8000(/invitation/\S+/)", message.body).group(1)


def test_invitation_is_mailed_in_french_and_only_its_digest_kept(world, nadia):
    invitations.invite(person=nadia, by=world.inspector)
    waiting = OutgoingMail.objects.get()
    token = re.search(r"/invitation/(\S+)/", waiting.text).group(1)
    assert len(token) >= 43  # 256 bits
    (message,) = deliver()
    assert message.to == ["nadia@ecole.test"]
    assert "Bonjour Nadia" in message.body
    assert str(world.inspector) in message.body
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert token not in str(OutgoingMail.objects.values().get())
    assert row["digest"] == invitations.digest_of(token)


def test_opening_the_link_shows_who_and_uses_nothing_up(link, client):
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "nadia@ecole.test" in page.text
        assert client.head(link).status_code == 200
    assert Invitation.objects.get().used_at is None
    assert "_auth_user_id" not in client.session
    assert "no-store" in page["Cache-Control"]


def test_choosing_a_password_opens_the_account_and_enters(link, nadia, client):
    response = client.post(link, {"password": NEW})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    nadia.refresh_from_db()
    assert nadia.check_password(NEW)
    assert nadia.emailaddress_set.get().verified
    again = Client()
    assert again.get(link).status_code == 410
    assert again.post(link, {"password": "une autre phrase bien longue"}).status_code == 410
    nadia.refresh_from_db()
    assert nadia.check_password(NEW)


@pytest.mark.parametrize("password", ["", "court", "nadia neuve 27", "123456789012"])
def test_weak_password_leaves_the_link_usable(link, nadia, client, password):
    response = client.post(link, {"password": password})
    assert response.status_code == 422
    assert response.context["form"].errors["password"]
    nadia.refresh_from_db()
    assert not nadia.has_usable_password()
    assert client.post(link, {"password": NEW}).status_code == 302


def test_link_dies_after_seven_days(link, client):
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert client.get(link).status_code == 410
        response = client.post(link, {"password": NEW})
        assert response.status_code == 410
        assert "Demander un nouveau lien" in response.text


def test_unknown_link_is_a_kind_404(db, client):
    response = client.get("/invitation/cette-adresse-n-existe-pas/")
    assert response.status_code == 404
    assert "Ce lien ne peut plus servir" in response.text
    assert client.post("/invitation/cette-adresse-n-existe-pas/", {"password": NEW}).status_code == 404


def test_inviting_again_revokes_the_older_link(world, nadia, link, client):
    newer = invite(world, nadia)
    assert client.get(link).status_code == 410
    assert client.get(newer).status_code == 200


def test_invited_overseer_must_add_a_second_factor_first(world, client):
    adviser = Person.objects.create_user("cpc@partages.test", first_name="Colette", last_name="Conseil")
    post(adviser, Role.ADVISER, world.here.district)
    client.post(invite(world, adviser, by=world.superuser), {"password": NEW})
    assert client.get("/")["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200  # without typing the password again


def test_invitation_of_somebody_with_a_second_factor_does_not_skip_it(world, client):
    adviser = world.adviser
    adviser.set_unusable_password()
    adviser.save()
    response = client.post(invite(world, adviser, by=world.superuser), {"password": NEW})
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302


def test_invitation_takes_the_browser_from_whoever_was_in(world, link, nadia, sign_in):
    client = sign_in(world.bruno)
    client.post(link, {"password": NEW})
    assert client.session["_auth_user_id"] == str(nadia.pk)


def test_who_may_invite_whom(world, nadia):
    for stranger in (world.inspector_there, world.amina, world.adviser):
        with pytest.raises(Refusal, match="votre circonscription"):
            invitations.invite(person=nadia, by=stranger)
    with pytest.raises(Refusal, match="déjà un compte"):
        invitations.invite(person=world.amina, by=world.inspector)
    nadia.is_active = False
    nadia.save()
    with pytest.raises(Refusal, match="fermé"):
        invitations.invite(person=nadia, by=world.superuser)
    assert not OutgoingMail.objects.exists()


def test_closed_account_makes_its_link_dead(link, nadia, client):
    nadia.is_active = False
    nadia.save()
    assert client.get(link).status_code == 410
    assert client.post(link, {"password": NEW}).status_code == 410


def test_invited_person_who_forgot_the_mail_receives_a_new_link(world, nadia, link, client):
    asked = client.post(reverse("account_reset_password"), {"email": "nadia@ecole.test"}, follow=True)
    other = Client().post(reverse("account_reset_password"), {"email": "personne@ecole.test"}, follow=True)
    assert (asked.status_code, asked.redirect_chain) == (other.status_code, other.redirect_chain)
    (message,) = deliver()
    assert "/invitation/" in message.body
    assert client.get(link).status_code == 410


def test_person_whom_nobody_invited_receives_nothing(nadia, client):
    client.post(reverse("account_reset_password"), {"email": "nadia@ecole.test"})
    assert deliver() == []


def test_accepting_twice_at_once_passes_once(link, nadia):
    token = link.split("/")[2]
    assert invitations.accept(token=token, password=NEW) == nadia
    with pytest.raises(Refusal):
        invitations.accept(token=token, password=PASSWORD)
