"""The second factor: who must have one, how it is added, used once, and kept."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.rules import Role
from circo.sign_in import crypt
from tests.mails import deliver
from tests.world import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OVERSEERS = ["inspector", "adviser", "secretary", "brigade_manager", "departement", "superuser"]


def code(secret=SECRET, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def without_factor(person: Person) -> Person:
    person.authenticator_set.all().delete()
    return person


def with_totp(person: Person) -> Person:
    without_factor(person)
    Authenticator.objects.create(user=person, type="totp", data={"secret": crypt.close(SECRET)})
    return person


def enter(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def confirm(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("name", OVERSEERS)
def test_role_without_a_factor_reaches_the_enrolling_pages_only(world, sign_in, name):
    client = sign_in(without_factor(world.people[name]))
    for path in ("/", reverse("account_email"), reverse("usersessions_list"), reverse("portal:profile")):
        assert client.get(path)["Location"] == reverse("mfa_index"), path
    page = client.get(reverse("mfa_index"))
    assert page.status_code == 200
    assert "Une étape avant d’entrer" in page.text


@pytest.mark.parametrize("name", [role.value.lower() for role in Role if role.value.lower() not in OVERSEERS])
def test_other_roles_may_do_without(world, sign_in, name):
    assert sign_in(world.people[name]).get("/").status_code == 200


def test_recovery_codes_alone_are_no_factor(world, sign_in):
    inspector = without_factor(world.inspector)
    Authenticator.objects.create(
        user=inspector, type="recovery_codes", data={"seed": crypt.close("abc"), "used_mask": 0}
    )
    assert sign_in(inspector).get("/")["Location"] == reverse("mfa_index")


@pytest.mark.django_db(transaction=True)  # allauth tells of the new factor once it is committed
def test_enrolling_an_application_opens_the_portal(world, sign_in):
    client, elsewhere = sign_in(without_factor(world.inspector)), Client()
    elsewhere.force_login(world.inspector)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert "data:image/svg+xml" in page.text
    secret = page.context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Ce code ne convient pas" in wrong.text
    used = code(secret)
    assert client.post(reverse("mfa_activate_totp"), {"code": used})["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get("/").status_code == 200
    row = Authenticator.objects.get(user=world.inspector, type="totp")
    assert secret not in str(row.data)  # encrypted at rest
    assert elsewhere.get("/").status_code == 302  # the sessions opened before ended
    other = Client()
    enter(other, world.inspector)
    assert "Ce code ne convient pas" in other.post(reverse("mfa_authenticate"), {"code": used}).text


def test_code_opens_the_session_under_a_new_key_and_serves_once(world, client):
    with_totp(world.inspector)
    assert enter(client, world.inspector)["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    before, used = client.session.session_key, code()
    assert client.post(reverse("mfa_authenticate"), {"code": used})["Location"] == "/"
    assert client.session.session_key != before
    assert client.get("/").status_code == 200
    other = Client()
    enter(other, world.inspector)
    refused = other.post(reverse("mfa_authenticate"), {"code": used})
    assert "Ce code ne convient pas" in refused.text
    assert other.get("/").status_code == 302


def test_used_code_stays_used_while_a_late_clock_makes_it_valid(world, client):
    """allauth forgets a used code after 30 s, and a code of the period before is still good then."""
    with_totp(world.inspector)
    start = (int(time.time()) // 30 + 1) * 30 + 1
    with time_machine.travel(start, tick=False):
        used = code(steps=1)  # of a clock half a minute ahead
        enter(client, world.inspector)
        assert client.post(reverse("mfa_authenticate"), {"code": used})["Location"] == "/"
    with time_machine.travel(start + 45, tick=False):
        other = Client()
        enter(other, world.inspector)
        assert "Ce code ne convient pas" in other.post(reverse("mfa_authenticate"), {"code": used}).text
        assert other.post(reverse("mfa_authenticate"), {"code": code(steps=1)})["Location"] == "/"


def test_guessing_codes_is_limited(world, client):
    with_totp(world.inspector)
    enter(client, world.inspector)
    answers = [client.post(reverse("mfa_authenticate"), {"code": f"{n:06}"}) for n in range(20)]
    assert any("Trop d’essais manqués" in answer.text or answer.status_code == 429 for answer in answers[:7])
    assert "Location" not in client.post(reverse("mfa_authenticate"), {"code": code()}).headers
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.post(reverse("mfa_authenticate"), {"code": code()})
        assert client.get("/").status_code == 200


def test_recovery_code_enters_once(world, client):
    inspector = with_totp(world.inspector)
    client.force_login(inspector)
    confirm(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    download = client.get(reverse("mfa_download_recovery_codes"))
    assert codes[0] in download.text
    row = Authenticator.objects.get(user=inspector, type="recovery_codes")
    assert codes[0] not in str(row.data)
    for expected in ("/", None):
        other = Client()
        enter(other, inspector)
        assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).headers.get("Location") == expected


def test_last_factor_of_a_role_that_asks_for_one_stays(world, sign_in):
    client = sign_in(with_totp(world.inspector))
    confirm(client)
    for response in (client.get(reverse("mfa_deactivate_totp")), client.post(reverse("mfa_deactivate_totp"))):
        assert "ajoutez-en d’abord une autre" in response.text
    assert world.inspector.authenticator_set.filter(type="totp").exists()
    key = a_key(world.inspector)
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    for response in (client.get(remove), client.post(remove)):
        assert "ajoutez-en d’abord une autre" in response.text
    assert world.inspector.authenticator_set.filter(type="webauthn").exists()


def a_key(person: Person) -> Authenticator:
    return Authenticator.objects.create(user=person, type="webauthn", data={"name": "Téléphone", "credential": {}})


def test_teacher_may_remove_the_last_factor(world, sign_in):
    client, elsewhere = sign_in(with_totp(world.amina)), Client()
    elsewhere.force_login(world.amina)
    confirm(client)
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert not world.amina.authenticator_set.exists()
    assert elsewhere.get("/").status_code == 302  # a change of factor ends the other sessions
    assert client.get("/").status_code == 200
    assert [message.subject for message in deliver()] == ["Double vérification\u00a0: application retirée"]


def test_key_of_somebody_else_is_out_of_reach(world, sign_in):
    key = a_key(world.bruno)
    client = sign_in(with_totp(world.amina))
    confirm(client)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404
        assert client.post(reverse(name, args=[key.pk]), {"name": "à moi"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Téléphone"


def test_changing_a_factor_asks_for_a_proof_first(world, sign_in):
    key = a_key(with_totp(world.inspector))
    client = sign_in(world.inspector)
    for path in (
        reverse("mfa_deactivate_totp"),
        reverse("mfa_add_webauthn"),
        reverse("mfa_remove_webauthn", args=[key.pk]),
        reverse("mfa_generate_recovery_codes"),
    ):
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 302, path
            assert "/verification/" in response["Location"], path
    assert world.inspector.authenticator_set.count() == 2


def test_pages_of_keys_are_drawn(world, sign_in):
    key = a_key(with_totp(world.inspector))
    Authenticator.objects.filter(pk=key.pk).update(last_used_at=timezone.now())
    client = sign_in(world.inspector)
    confirm(client)
    for name, args in (
        ("mfa_index", []),
        ("mfa_list_webauthn", []),
        ("mfa_edit_webauthn", [key.pk]),
        ("mfa_generate_recovery_codes", []),
        ("mfa_reauthenticate", []),
        ("usersessions_list", []),
    ):
        assert client.get(reverse(name, args=args)).status_code == 200, name
    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Clé du bureau"})
    assert "Clé du bureau" in client.get(reverse("mfa_list_webauthn")).text


def test_garbage_instead_of_a_key_is_refused(world, client):
    before = Authenticator.objects.count()
    garbage = ("", "{}", "[]", "null", "3", '{"id": 1}', '{"response": {"userHandle": "AAAA"}}', "x" * 5000)
    for credential in garbage:
        assert client.post(reverse("mfa_login_webauthn"), {"credential": credential}).status_code == 302
    adder = Client()
    adder.force_login(world.amina)
    confirm(adder)
    for credential in garbage:
        adder.get(reverse("mfa_add_webauthn"))
        assert adder.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential}).status_code == 200
    with_totp(world.inspector)
    other = Client(REMOTE_ADDR="198.51.100.9")
    enter(other, world.inspector)
    assert other.post(reverse("mfa_authenticate"), {"credential": "{}"}).status_code == 200
    assert other.get("/").status_code == 302
    assert Authenticator.objects.count() <= before
