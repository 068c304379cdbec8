"""The demonstration: a pure function of a seed, rows that the database and the forms accept, an account per role."""

import subprocess
import sys
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import include, path

from circo import bell, rules
from circo.errors import Refusal
from circo.models import Derogation, District, Person, Posting, School, SchoolYear
from circo.portal.demo import codes, here, running
from circo.portal.demo.accounts import ACCOUNTS, DOMAIN, PASSWORD
from circo.portal.demo.plan import plan
from circo.portal.demo.schools import SIZES
from circo.portal.demo.writing import write
from circo.rules import Role
from networks.models import Candidate, Membership, MutualisationGroup, Network, Wish

TODAY = date(2026, 11, 23)
AT_SCHOOL = {Role.TEACHER, Role.HEAD_TEACHER, Role.SUBSTITUTE}
urlpatterns = [path("", include("circo.urls")), path("demo/", include("circo.portal.demo.urls"))]


def teachers_of(made):
    return {row.email for row in made.postings if row.role in AT_SCHOOL and row.ends_on is None}


@pytest.mark.parametrize("size", SIZES)
def test_same_seed_same_rows(size):
    made = plan(size=size, today=TODAY)
    assert plan(size=size, today=TODAY) == made
    assert plan(size=size, today=TODAY, seed=1) != made  # the seed is heard


@pytest.mark.parametrize("size", SIZES)
def test_people_are_one_each_and_nobody_is_reachable(size):
    emails = [person.email for person in plan(size=size, today=TODAY).people]
    assert len(set(emails)) == len(emails)
    assert all(email.endswith(f"@{DOMAIN}") and email == email.lower() and email.isascii() for email in emails)


@pytest.mark.parametrize("size", SIZES)
def test_every_account_is_there_at_every_size(size):
    made = plan(size=size, today=TODAY)
    today = {(row.email, row.role, row.place) for row in made.postings if row.ends_on is None}
    for account in ACCOUNTS:
        if account.role:
            assert (account.email, account.role, account.place) in today
    members = {row.email: row for row in made.memberships if row.year == made.years[-1]}
    amina, bruno, chloe, denis = (members[f"{name}@{DOMAIN}"] for name in ("amina", "bruno", "chloe", "denis"))
    assert (amina.district, amina.group) == (bruno.district, bruno.group)
    assert chloe.district == amina.district
    assert chloe.group != amina.group
    assert denis.district != amina.district


def test_sizes():
    district, departement = plan(size="district", today=TODAY), plan(size="departement", today=TODAY)
    assert len(district.districts) == 2
    assert len(departement.districts) == 11
    assert 340 <= len(departement.schools) <= 350
    assert 3100 <= len(teachers_of(departement)) <= 3500
    here = {school.uai for school in district.schools if school.district == district.districts[0]}
    at_home = {row.email for row in district.postings if row.place in here and row.ends_on is None}
    assert 250 <= len(at_home) <= 350


def test_groups_have_eight_to_twelve_members_over_the_three_stages():
    made = plan(size="district", today=TODAY)
    for group in made.groups:
        now = [
            row
            for row in made.memberships
            if (row.district, row.group, row.year, row.left_on) == (group.district, group.name, made.years[-1], None)
        ]
        assert 8 <= len(now) <= 12
        assert {row.stage for row in now} == {"FIRST_YEAR", "SECOND_YEAR", "RELAY"}


def test_every_school_is_well_formed_and_said_to_be_a_demonstration():
    made = plan(size="departement", today=TODAY)
    assert all(rules.is_uai(school.uai) for school in made.schools)
    assert len({school.uai for school in made.schools}) == len(made.schools)
    assert all("démonstration" in district for district in made.districts)


def rows_of(model):
    """All rows of a model, without ids: the other side of a key by its name."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return sorted(repr([str(getattr(row, field.name)) for field in fields]) for row in model.objects.all())


TABLES = [Person, School, SchoolYear, Derogation, Posting, Network, MutualisationGroup, Membership]


@pytest.mark.django_db
def test_two_writings_give_the_same_tables():
    tables = TABLES + [model.history.model for model in (Person, Posting, Membership)]
    seen = []
    for _ in range(2):
        with transaction.atomic():
            write(plan(size="tiny", today=TODAY))
            found = {model: rows_of(model) for model in tables if model in TABLES}
            found |= {model: sorted(model.objects.values_list("history_date", "history_type")) for model in tables[8:]}
            seen.append(found)
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert all(seen[0].values())


@pytest.mark.django_db
def test_every_row_passes_the_rules_that_a_form_would_ask():
    write(plan(size="tiny", today=TODAY))
    for model in TABLES:
        for row in model.objects.all():
            row.full_clean(validate_unique=False, exclude=["password"] if model is Person else None)
        assert not hasattr(model, "history") or model.history.count() == model.objects.count()


@pytest.mark.django_db
def test_filling_again_keeps_what_is_there():
    assert running.fill("tiny")
    District.objects.filter(name__startswith="Bernay").update(name="Renommée entre-temps")
    assert not running.fill("tiny")
    assert District.objects.filter(name="Renommée entre-temps").count() == 1


@pytest.mark.django_db
def test_a_failure_leaves_nothing_half_written(monkeypatch):
    monkeypatch.setattr("circo.portal.demo.writing.People.write", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        running.fill("tiny")
    assert not School.objects.exists()


def test_a_stop_while_the_data_are_made_is_said_in_one_sentence(monkeypatch):
    def stopped(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", stopped)
    with pytest.raises(CommandError, match="make demo-reset"):
        call_command("demo")


@pytest.mark.django_db
def test_accounts_sign_in_and_nobody_else_does(client):
    write(plan(size="tiny", today=TODAY))
    for account in ACCOUNTS:
        person = Person.objects.get(email=account.email)
        assert person.check_password(PASSWORD)
        assert person.needs_second_factor() == account.needs_code
        assert not person.lacks_second_factor()
        assert person.emailaddress_set.get().verified
    assert Person.objects.exclude(password__startswith="!").count() == len(ACCOUNTS)


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.portal.test_demo")
def test_the_page_of_accounts_gives_codes_that_are_good(client):
    write(plan(size="tiny", today=TODAY))
    response = client.get("/demo/comptes/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    for shown in codes.shown_accounts(1_800_000_000):
        assert shown.account.email in page
        assert bool(shown.code) == shown.account.needs_code
    inspector = Authenticator.objects.get(user__email=f"inspectrice@{DOMAIN}")
    now = next(shown for shown in response.context["accounts"] if shown.account.name == "inspectrice")
    assert any(validate_totp_code(decrypt(inspector.data["secret"]), code) for code in (now.code, now.next_code))


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.portal.test_demo", DEMO=True)
def test_one_enters_each_account_by_its_button_and_the_team_by_a_code_too(client):
    write(plan(size="tiny", today=TODAY))
    assert client.get("/demo/comptes/").text.count('action="/demo/comptes/entrer/"') == len(ACCOUNTS)
    assert "/demo/comptes/" in client.get("/compte/connexion/").text
    assert client.get("/demo/comptes/entrer/").status_code == 405
    for account in ACCOUNTS[:3]:  # from one account to another
        answer = client.post("/demo/comptes/entrer/", {"login": account.email, "password": PASSWORD})
        assert answer.url == "/"
        assert client.session["_auth_user_id"] == str(Person.objects.get(email=account.email).pk)
    inspector = {"login": f"inspectrice@{DOMAIN}", "password": PASSWORD}
    assert client.post("/demo/comptes/entrer/", inspector).url.startswith("/compte/cles/code/")
    assert "_auth_user_id" not in client.session
    wrong = client.post("/demo/comptes/entrer/", inspector | {"password": "x"})
    assert "_auth_user_id" not in client.session
    assert wrong.status_code == 200


@pytest.mark.django_db
def test_nobody_enters_by_a_button_outside_a_demonstration(client):
    write(plan(size="tiny", today=TODAY))
    amina = {"login": f"amina@{DOMAIN}", "password": PASSWORD}
    for urls in ("circo.urls", "tests.portal.test_demo"):  # not mounted, and refused even if it were
        with override_settings(ROOT_URLCONF=urls, DEMO=False):
            assert client.post("/demo/comptes/entrer/", amina).status_code == 404
    assert "_auth_user_id" not in client.session
    shown = client.get("/compte/connexion/").text
    assert PASSWORD not in shown
    assert "/demo/" not in shown


def test_the_page_of_accounts_is_not_mounted_outside_a_demonstration(client, db):
    assert client.get("/demo/comptes/").status_code == 404


def test_a_demonstration_refuses_to_be_public(settings):
    settings.DEMO = False
    with pytest.raises(Refusal, match="make demo"):
        here.refuse_in_public()
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["127.0.0.1", "localhost", "[::1]"]
    here.refuse_in_public()
    for host in ("partages.ac-normandie.fr", "*", "10.0.0.4", ".exemple.fr"):
        settings.ALLOWED_HOSTS = ["localhost", host]
        with pytest.raises(Refusal, match="ALLOWED_HOSTS"):
            here.refuse_in_public()


@pytest.mark.parametrize("start", [["manage.py", "serve"], ["-c", "import circo.asgi"]])
def test_no_other_command_serves_a_demonstration_in_public(start, tmp_path):
    public = {"DEMO": "1", "ALLOWED_HOSTS": "partages.exemple.fr", "DATA_DIR": str(tmp_path), "PORT": "1"}
    environment = {"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "circo.settings", **public}
    ended = subprocess.run(
        [sys.executable, *start], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ended.returncode
    assert "ne sert que sur cette machine" in ended.stderr


def test_erasing_touches_only_what_is_ours(tmp_path):
    for name in ("db.sqlite3", "db.sqlite3-wal", "secret.key", "mes-notes.txt", "beat.db"):
        (tmp_path / name).touch()
    for name in ("media", "mails", "photos"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    running.erase(tmp_path, str(tmp_path / "db.sqlite3"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mes-notes.txt", "photos", "secret.key"]
    with pytest.raises(Refusal, match="base embarquée"):
        running.erase(tmp_path, "partages")


def test_nothing_is_said_of_a_broker_that_starts_later(monkeypatch, caplog):
    def deposit_all(_):
        bell.ring("circo.tasks.anything")
        return []

    def deaf(*_, **__):
        raise OSError

    monkeypatch.setattr(bell, "_deaf_until", 0.0)
    monkeypatch.setattr(bell.current_app, "send_task", deaf)
    monkeypatch.setattr(running.films, "deposit_all", deposit_all)
    said = []
    with caplog.at_level("WARNING", logger="circo.bell"):
        running.add_films(1, said.append)
    assert len(said) == 1
    assert caplog.messages == []


@pytest.mark.django_db
def test_the_three_years_are_as_lived():
    running.fill("tiny")
    assert Wish.objects.exists()
    assert Membership.objects.filter(wish__isnull=True).exists()
    assert set(Membership.objects.values_list("standing", flat=True)) >= {"ACTIVE", "INVITED", "REQUESTED"}
    assert Candidate.objects.count() == 2
    assert not Membership.objects.filter(moves__isnull=True).exists()
