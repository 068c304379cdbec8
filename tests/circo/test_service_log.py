"""The private log of the 108 hours: its owner alone, whatever the reach; in pages, admin, search, exports."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.access import Visitor
from circo.errors import Refusal
from circo.hours import actions, removing
from circo.hours.rules import LogCategory
from circo.models import Posting, ServiceLogEntry
from tests.house.routes import make_things, routes, url_of

SECRET = "Zèbreparent"
LOG = reverse("hours:log")
ELSEWHERE = ("videos:", "account_", "mfa_", "admin:videos")  # they keep nothing of the ground


@pytest.fixture
def line(world) -> ServiceLogEntry:
    today = timezone.localdate()
    return actions.note(on=today, minutes=80, category=LogCategory.TEAM, text=SECRET, by=world.amina)


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def others(world) -> list:
    return [person for name, person in world.people.items() if name != "amina"]


# --- Its owner --------------------------------------------------------------------------------------------------------
def test_one_writes_corrects_removes_and_brings_back(world, sign_in):
    client, today = sign_in(world.amina), timezone.localdate().isoformat()
    typed = {"on": today, "minutes": "1 h 20", "category": "TEAM", "text": "Équipe éducative"}
    client.post(reverse("hours:log_add"), typed)
    line = ServiceLogEntry.objects.get()
    assert "1 h 20 sur 48 h" in text(client.get(LOG))
    client.post(reverse("hours:log_update", args=[line.pk]), typed | {"minutes": "45 min"})
    page = text(client.get(LOG))
    assert "45 min sur 48 h" in page
    assert "Équipe éducative" in page
    after = text(client.post(reverse("hours:log_remove", args=[line.pk]), follow=True))
    assert "Ligne retirée." in after
    assert "Équipe éducative" not in after
    assert client.get(reverse("hours:log_edit", args=[line.pk])).status_code == 404
    client.post(reverse("hours:log_restore", args=[line.pk]))
    assert "Équipe éducative" in text(client.get(LOG))


@pytest.mark.parametrize("wrong", [{"minutes": "13 h"}, {"minutes": "0"}, {"on": "1990-01-01"}, {"category": "?"}])
def test_what_cannot_be_noted_keeps_what_was_typed(world, sign_in, wrong):
    typed = {"on": timezone.localdate().isoformat(), "minutes": "1 h", "category": "APC", "text": "Un mot"} | wrong
    response = sign_in(world.amina).post(reverse("hours:log_add"), typed)
    assert response.status_code == 422
    assert "Un mot" in text(response)
    assert not ServiceLogEntry.objects.exists()


def test_the_duties_follow_the_part_time(world, sign_in, line):
    Posting.objects.filter(person=world.amina).update(share_percent=50)
    page = text(sign_in(world.amina).get(LOG))
    assert "1 h 20 sur 24 h" in page
    assert "0 h sur 18 h" in page
    assert "0 h sur 3 h" in page


def test_the_log_of_somebody_without_a_class(world, sign_in):
    assert "0 h" in text(sign_in(world.student).get(LOG))


def test_the_table_is_for_oneself_and_runs_no_formula(world, sign_in, line):
    ServiceLogEntry.objects.update(note=f"={SECRET}")
    table = sign_in(world.amina).get(reverse("hours:log_export")).content.decode()
    assert f"'={SECRET}" in table


def test_what_was_removed_is_erased_the_next_day(world, line):
    actions.remove(line=line, by=world.amina)
    assert removing.purge(now=timezone.now() + timedelta(hours=23)) == 0
    assert removing.purge(now=timezone.now() + timedelta(hours=25)) == 1
    with pytest.raises(Refusal):
        actions.bring_back(line=line, by=world.amina)


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_costs_the_same_for_one_and_three(world, sign_in, count, django_assert_num_queries):
    for _ in range(count):
        actions.note(on=timezone.localdate(), minutes=30, category=LogCategory.APC, text="", by=world.amina)
    client = sign_in(world.amina)
    client.get(LOG)
    with django_assert_num_queries(10):
        client.get(LOG)


# --- And nobody else --------------------------------------------------------------------------------------------------
def test_no_scope_gives_it_to_another(world, line):
    for person in [*others(world), Visitor()]:
        assert not ServiceLogEntry.objects.visible_to(person).exists()
        assert not ServiceLogEntry.objects.editable_by(person).exists()
    assert ServiceLogEntry.objects.visible_to(world.amina).get() == line


@pytest.mark.parametrize("verb", ["note", "amend", "remove", "bring_back"])
def test_no_verb_changes_that_of_another(world, line, verb):
    if verb == "note":
        own = actions.note(on=line.on, minutes=5, category=LogCategory.APC, text="", by=world.superuser)
        assert own.owner == world.superuser
        return
    said = {"on": line.on, "minutes": 5, "category": LogCategory.APC, "text": ""} if verb == "amend" else {}
    with pytest.raises(Refusal):
        getattr(actions, verb)(line=line, by=world.superuser, **said)


@pytest.mark.sweep
def test_no_page_shows_it_to_another(world, sign_in, line):
    """Every page of the platform that opens, admin and search included, for those who reach the most."""
    things = make_things(world, world.here, world.amina, world.secretary)
    opened = 0
    for name in ("superuser", "inspector"):
        client = sign_in(world.people[name])
        addresses = [url_of(route, things) for route in routes() if not route.name.startswith(ELSEWHERE)] + [
            reverse("portal:search", query={"q": SECRET[:5]}),
            reverse("hours:entry_list", query={"etat": "", "q": SECRET[:5]}),
            reverse("admin:circo_person_change", args=[world.amina.pk]),
        ]
        for address in addresses:
            response = client.get(address)
            if response.status_code == 200 and not response.streaming:
                opened += 1
                assert SECRET not in response.content.decode(errors="replace"), address
    assert opened > 60


def test_the_admin_does_not_know_it(world):
    assert ServiceLogEntry not in admin.site._registry
    names = {model._meta.model_name for model in apps.get_models()}
    assert "historicalservicelogentry" not in names, "a history would be read by others"


def test_only_its_owner_is_given_it_back(world, line):
    def given_to(person) -> str:
        return "".join(str(list(one.rows(person).values())) for one in registries.holdings())

    assert SECRET in given_to(world.amina)
    for person in others(world):
        assert SECRET not in given_to(person)
