"""Signing in and out, passwords, addresses and sessions, through the client."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from circo.models import CacheEntry, Job, JobState, OutgoingMail, Person
from circo.sign_in import housekeeping
from circo.sign_in.sessions import end_sessions
from tests.mails import deliver
from tests.world import PASSWORD

LOGIN = "/compte/connexion/"
NEW = "quatre lézards sous un parasol"


def enter(client, email="amina@ecole.test", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def is_in(client) -> bool:
    return client.get("/").status_code == 200


def link_in(message) -> str:
    """The path of the first link to our own pages."""
    return re.search(r"http://localhost:8000(/\S+[-/]\S+/)", message.body).group(1)


def test_right_password_opens_a_session_under_a_new_key(world, client):
    client.get(LOGIN)
    client.session["planted"] = "by a stranger"
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    response = enter(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session.session_key != before
    cookie = response.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert is_in(client)


def test_cookies_are_of_this_host_alone_over_https():
    """Settings are read once: ask them in a process of their own."""
    import json  # noqa: PLC0415
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = (
        "import os, json; os.environ['SITE_URL'] = 'https://partages.example.fr'\n"
        "from circo import settings_test as s\n"
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["__Host-session", "__Host-csrf", True, True]


@pytest.mark.parametrize("email", ["amina@ecole.test", "AMINA@ecole.test "])
def test_address_is_read_without_case(world, client, email):
    enter(client, email)
    assert is_in(client)


def test_wrong_password_and_unknown_address_read_alike(world, client):
    wrong = enter(client, password="pas le bon mot de passe")
    unknown = enter(client, email="personne@ecole.test")
    assert wrong.status_code == unknown.status_code == 200
    told = "L’adresse e-mail ou le mot de passe ne convient pas."
    assert told in wrong.text
    assert told in unknown.text
    assert not is_in(client)


def test_deactivated_person_neither_enters_nor_stays(world, client, sign_in):
    assert enter(client, "deactivated@partages.test")["Location"] == reverse("account_inactive")
    assert not is_in(client)
    client = sign_in(world.amina)
    assert is_in(client)
    key = client.session.session_key
    world.amina.is_active = False
    world.amina.save()
    assert not is_in(client)
    world.amina.is_active = True
    world.amina.save()
    client.cookies["session"] = key
    assert not is_in(client)  # the old session does not live again with the account


def test_no_sign_up(world, client):
    for name in ("account_signup", "socialaccount_signup", "socialaccount_connections", "account_request_login_code"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    people = Person.objects.count()
    for path in ("/compte/signup/", "/compte/inscription/", "/accounts/signup/"):
        assert client.post(path, {"email": "new@ecole.test", "password1": NEW}).status_code == 404
    assert Person.objects.count() == people


def test_sign_out_asks_first_and_takes_a_post(world, sign_in):
    client = sign_in(world.amina)
    key = client.session.session_key
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    assert client.post(reverse("account_logout"))["Location"] == LOGIN
    client.cookies["session"] = key
    assert not is_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "\t//evil.example",
        "http://127.0.0.1:8000@evil.example/",
        "javascript:alert(1)",
        "https://evil.example/" + "a" * 2000,
    ],
)
def test_next_never_leads_to_another_site(world, client, target):
    response = client.post(
        f"{LOGIN}?next={target}", {"login": "amina@ecole.test", "password": PASSWORD, "next": target}
    )
    assert response["Location"] == "/"
    response = client.post(reverse("account_logout"), {"next": target})
    assert response["Location"] == LOGIN


def test_next_leads_to_our_own_page(world, client):
    response = client.post(LOGIN, {"login": "amina@ecole.test", "password": PASSWORD, "next": "/aide/"})
    assert response["Location"] == "/aide/"


def guess(client, times, email="amina@ecole.test"):
    """Try wrong passwords from addresses that change at each try; return the answers' pages."""
    return [
        enter(
            client,
            email,
            f"essai numéro {n}",
            headers={"X-Forwarded-For": f"203.0.113.{n}", "X-Real-Ip": f"203.0.113.{n}"},
        )
        for n in range(times)
    ]


def test_guessing_is_limited_whatever_the_address_says(world, client):
    answers = guess(client, 12)
    assert "Trop d’essais manqués" in answers[5].text
    refused = enter(client)  # even the right password waits
    assert "Trop d’essais manqués" in refused.text or refused.status_code == 429
    assert not is_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        enter(client)
        assert is_in(client)


def test_guessing_has_no_limit_without_the_counters(world, client, settings):
    """The canary: the limit above is allauth's, not an accident of the page."""
    settings.ACCOUNT_RATE_LIMITS = False
    assert all("ne convient pas" in answer.text for answer in guess(client, 12))


def test_guessing_one_account_does_not_close_the_others(world, client):
    guess(client, 6)
    enter(Client(REMOTE_ADDR="198.51.100.7"), "bruno@ecole.test")
    other = Client(REMOTE_ADDR="198.51.100.7")
    enter(other, "bruno@ecole.test")
    assert is_in(other)


# --- password -----------------------------------------------------------------------------------------------------


def reset_link(client, email="amina@ecole.test"):
    client.post(reverse("account_reset_password"), {"email": email})
    messages = deliver()
    return link_in(messages[0]) if messages else None


def choose(client, link, password=NEW):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password}), page


def test_forgotten_password_is_replaced_by_a_single_use_link(world, client, sign_in):
    elsewhere = Client()
    elsewhere.force_login(world.amina)
    link = reset_link(client)
    response, page = choose(client, link)
    assert page.status_code == 200
    assert response["Location"] == reverse("account_reset_password_from_key_done")
    assert not is_in(elsewhere)  # every session ended
    assert "Ce lien ne peut plus servir" in client.get(link, follow=True).text
    enter(client, password=NEW)
    assert is_in(client)


def test_reset_link_is_of_our_own_address_and_expires(world, client):
    client.post(reverse("account_reset_password"), {"email": "amina@ecole.test"}, headers={"host": "localhost"})
    (message,) = deliver()
    assert "http://localhost/" not in message.body
    with time_machine.travel(timezone.now() + timedelta(hours=26)):  # the travel itself loses an hour of Paris
        assert "Ce lien ne peut plus servir" in client.get(link_in(message), follow=True).text


def test_forgotten_password_says_the_same_of_an_unknown_address(world, client):
    known = client.post(reverse("account_reset_password"), {"email": "amina@ecole.test"}, follow=True)
    assert len(deliver()) == 1
    for email in ("personne@ecole.test", "deactivated@partages.test"):
        unknown = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        assert (unknown.text, unknown.redirect_chain) == (known.text, known.redirect_chain)
        assert deliver() == []  # no mail to strangers either


def test_reset_does_not_skip_the_second_factor(world, client):
    choose(client, reset_link(client, "inspector@partages.test"))
    assert enter(client, "inspector@partages.test", NEW)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("court", "au minimum 12"),
        ("motdepasse123", ""),
        ("123456789012", ""),
        ("amina petit 2026", "amina"),
        ("les partages 27", "partages"),
        ("Commune 1 École", ""),
    ],
)
def test_weak_password_is_refused(world, sign_in, password, told):
    client = sign_in(world.amina)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    response = client.post(reverse("account_change_password"), data)
    assert response.status_code == 200
    assert response.context["form"].errors["password1"]
    assert told in response.text.lower()
    world.amina.refresh_from_db()
    assert world.amina.check_password(PASSWORD)


def test_long_password_needs_no_digits(world, sign_in):
    client = sign_in(world.amina)
    long = "une belle journée de printemps avec beaucoup de vent et quelques nuages " * 2
    data = {"oldpassword": PASSWORD, "password1": long, "password2": long}
    assert client.post(reverse("account_change_password"), data).status_code == 302


def test_changing_the_password_ends_the_other_sessions_only(world, sign_in):
    client, elsewhere = sign_in(world.amina), Client()
    elsewhere.force_login(world.amina)
    before = client.session.session_key
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_in(client)
    assert client.session.session_key != before
    assert not is_in(elsewhere)
    (notice,) = deliver()
    assert notice.subject == "Votre mot de passe a changé"


# --- address ------------------------------------------------------------------------------------------------------


def reauthenticate(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_changing_the_address_asks_for_the_password_then_for_the_new_mailbox(world, sign_in):
    client = sign_in(world.amina)
    wanted = {"email": "amina.petit@ecole.test", "action_add": "1"}
    asked = client.post(reverse("account_email"), wanted)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    reauthenticate(client)
    client.post(reverse("account_email"), wanted)
    world.amina.refresh_from_db()
    assert world.amina.email == "amina@ecole.test"  # nothing changes before the new mailbox answers
    (message,) = [message for message in deliver() if message.to == ["amina.petit@ecole.test"]]
    assert client.get(link_in(message)).status_code == 200
    world.amina.refresh_from_db()
    assert world.amina.email == "amina@ecole.test"  # opening the link is not enough: mail scanners do it
    client.post(link_in(message))
    world.amina.refresh_from_db()
    assert world.amina.email == "amina.petit@ecole.test"
    (told,) = deliver()
    assert told.to == ["amina@ecole.test"]
    assert is_in(client)


def test_address_of_somebody_else_is_never_taken(world, sign_in):
    newcomer = Person.objects.create_user("nouvelle@ecole.test", first_name="Nadia", last_name="Neuve")
    client = sign_in(world.amina)
    reauthenticate(client)
    for email in (newcomer.email, "bruno@ecole.test"):
        assert client.post(reverse("account_email"), {"email": email, "action_add": "1"}).status_code == 302
        for message in deliver():
            path = re.search(r"(/compte/adresse/\S+/)", message.body)
            if path:
                assert client.post(path.group(1)).status_code < 500
    world.amina.refresh_from_db()
    assert world.amina.email == "amina@ecole.test"


# --- sessions -----------------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_the_others_ended(world, client):
    enter(client, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    elsewhere = Client()
    enter(elsewhere, headers={"user-agent": "Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/18.0 Safari"})
    page = client.get(reverse("usersessions_list")).text
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    client.post(reverse("usersessions_list"))
    assert is_in(client)
    assert not is_in(elsewhere)


def test_a_visit_lasts_twelve_hours_at_most(world, sign_in):
    client = sign_in(world.amina)
    start = timezone.now()
    for hours in (4, 8, 11.9):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert is_in(client)
    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert not is_in(client)
    assert not is_in(client)


def test_those_who_oversee_do_not_sleep_an_hour(world, sign_in):
    start = timezone.now()
    client = sign_in(world.inspector)
    for minutes in (50, 100, 150):  # each visit counts
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert is_in(client)
    with time_machine.travel(start + timedelta(minutes=150 + 61)):
        assert not is_in(client)


def test_a_teacher_may_sleep_an_hour(world, sign_in):
    client = sign_in(world.amina)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert is_in(client)


def test_ending_all_sessions_forgets_even_those_that_nobody_listed(world, sign_in):
    client = sign_in(world.amina)
    UserSession.objects.all().delete()
    end_sessions(world.amina)
    assert not is_in(client)


# --- counters -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_cache_remembers_adds_once_and_forgets_in_time():
    assert cache.add("used", True, timeout=30)
    assert not cache.add("used", True, timeout=30)
    cache.set("list", [1.5, 2.5], timeout=30)
    assert cache.get("list") == [1.5, 2.5]
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert cache.get("list", "gone") == "gone"
        assert cache.add("used", True)
        assert cache.delete("used")
        assert not cache.has_key("used")
    cache.clear()
    assert not CacheEntry.objects.exists()


def test_pages_wait_for_no_mail_server(world, client, settings):
    settings.MAILERS = {"default": {"BACKEND": "nowhere.Backend"}}
    client.post(reverse("account_reset_password"), {"email": "amina@ecole.test"})
    assert OutgoingMail.objects.get().to == "amina@ecole.test"


def test_night_forgets_dead_sessions_counters_and_old_mails(world, client, settings):
    enter(client, password="pas le bon mot de passe")
    enter(client)
    client.post(reverse("account_reset_password"), {"email": "amina@ecole.test"})
    deliver()
    kept = OutgoingMail.objects.create(key="waiting", to="a@ecole.test", subject="En attente", text="…")
    housekeeping.forget_old()
    assert (is_in(client), OutgoingMail.objects.count()) == (True, 2)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        housekeeping.forget_old()
    assert list(OutgoingMail.objects.all()) == [kept]
    assert not Session.objects.exists()
    assert not CacheEntry.objects.exists()
    assert not Job.objects.exclude(state=JobState.QUEUED).exists()
