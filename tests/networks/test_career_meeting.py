"""That somebody came after a career meeting: the inspector alone reads it, wherever one looks."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.models import Notice, Person
from networks.cycle import actions as cycle
from networks.groups import actions
from networks.models import CareerMeeting, Membership, MembershipMove, Wish, WishCampaign
from networks.models.career_meetings import CareerMeetingQuerySet
from tests.circo.admin_world import url
from tests.house.test_access import PERSONAS, client_of

WORDS = ("rendez-vous de carrière", "CAREER", "career_meeting", "réservée")
READS = {"inspector"}


@pytest.fixture
def noted(world):
    """Bruno, whose membership the inspector noted."""
    membership = world.bruno.memberships.get()
    actions.note_career_meeting(membership=membership, by=world.inspector, noted=True)
    return membership


def pages(world, membership) -> list[str]:
    """Every page that shows a membership or a list of them, the admin's included."""
    group = membership.group_id
    return [
        reverse("networks:group_list"),
        reverse("networks:my_years"),
        reverse("networks:group_page", args=[group]),
        reverse("networks:membership_page", args=[membership.pk]),
        reverse("portal:home"),
        reverse("portal:year"),
        reverse("portal:search") + "?q=Bruno",
        reverse("portal:search") + "?q=carriere",
        url(Membership, "changelist"),
        url(Membership, "changelist") + "?q=carri%C3%A8re",
        url(Membership, "change", membership.pk),
        url(Membership, "history", membership.pk),
        url(Membership, "delete", membership.pk),
        url(type(membership.group), "delete", group),
        url(Person, "delete", membership.person_id),
        url(type(membership.group), "change", group),
        url(type(membership.group), "history", group),
        url(Person, "change", membership.person_id),
        url(Person, "history", membership.person_id),
    ]


def told(world, persona, addresses) -> dict[str, int]:
    """Each page's length, without what changes at each visit; the words themselves are looked for on the way."""
    client, seen = client_of(world, persona), {}
    for address in addresses:
        answer = client.get(address)
        body = answer.content.decode()
        if persona not in READS:
            for word in WORDS:
                assert word not in body, f"{persona} reads {word} at {address}"
        seen[address] = (answer.status_code, body.count("<"))
    return seen


# Group mates, the person, a neighbour, the team, who reaches everything, and the inspector of another district.
CURIOUS = ("bruno", "amina", "chloe", "adviser", "secretary", "departement", "superuser", "inspector_there")


@pytest.mark.parametrize("persona", CURIOUS)
@pytest.mark.sweep
def test_no_page_of_anybody_else_changes_by_it(world, persona):
    """Not a word of it, and the same page with the note as without: nothing can be guessed either."""
    membership = world.bruno.memberships.get()
    addresses = pages(world, membership)
    without = told(world, persona, addresses)
    actions.note_career_meeting(membership=membership, by=world.inspector, noted=True)
    assert told(world, persona, addresses) == without


def test_the_inspector_reads_it_on_the_page_and_takes_it_back(world, sign_in, noted):
    client, page = sign_in(world.inspector), reverse("networks:membership_page", args=[noted.pk])
    assert re.search(r'name="career_meeting"[^>]* checked', client.get(page).content.decode())
    save = reverse("networks:membership_origin", args=[noted.pk])
    assert client.post(save, {"origin": "PEER"}).status_code == 302
    assert not CareerMeeting.objects.exists()
    assert client.post(save, {"origin": "PEER", "career_meeting": "on"}).status_code == 302
    assert CareerMeeting.objects.get().membership == noted


def test_the_canary_a_scope_that_reads_everything_is_seen_by_these_tests(world, noted, monkeypatch):
    """With the protection off, the adviser reads it, and the sweep cries."""
    monkeypatch.setattr(CareerMeetingQuerySet, "may_note", lambda self, person, membership: True)
    with pytest.raises(AssertionError, match="adviser reads"):
        told(world, "adviser", pages(world, noted))


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_scope_gives_it_to_the_inspector_of_the_district_alone(world, noted, persona):
    if persona == "visitor":
        return
    who = Person.objects.get(pk=world.people[{"no_factor": "inspector"}.get(persona, persona)].pk)
    assert CareerMeeting.objects.visible_to(who).exists() == (persona in ("inspector", "no_factor"))


def test_an_adviser_s_form_neither_writes_nor_erases_it(world, sign_in, noted):
    save = reverse("networks:membership_origin", args=[noted.pk])
    assert sign_in(world.adviser).post(save, {"origin": "PEER"}).status_code == 302
    assert CareerMeeting.objects.count() == 1
    other = world.amina.memberships.get()
    save = reverse("networks:membership_origin", args=[other.pk])
    sign_in(world.adviser).post(save, {"origin": "PEER", "career_meeting": "on"})
    assert CareerMeeting.objects.count() == 1


def test_inviting_after_a_career_meeting_leaves_a_plain_invitation(world, sign_in, caplog):
    """What others read of it is what they read of any invitation: row, history, log of moves, notice, line of log."""
    caplog.set_level(logging.DEBUG)
    data = {"person": world.chloe.pk, "stage": "FIRST_YEAR", "origin": "INVITED", "word": ""}
    save = reverse("networks:invitation_create", args=[world.here.group.pk])
    assert sign_in(world.inspector).post(save, data | {"career_meeting": "on"}).status_code == 302
    made = world.chloe.memberships.get(group=world.here.group)
    assert CareerMeeting.objects.get().membership == made
    assert made.origin == "INVITED"
    rows = [made, *made.history.all(), *made.moves.all(), *Notice.objects.all()]
    text = serializers.serialize("json", rows)
    assert not any(word.lower() in text.lower() for word in WORDS)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not any(word.lower() in line.lower() for line in ours for word in WORDS)


def test_nothing_but_its_own_table_holds_it(world, noted):
    """Every other table stays as it was: no field, no history, no log, whichever app it is of."""
    before = {model: model._base_manager.count() for model in apps.get_models()}
    values = {model: sorted(map(repr, model._base_manager.values_list())) for model in (Membership, MembershipMove)}
    actions.note_career_meeting(membership=noted, by=world.inspector, noted=False)
    for model in apps.get_models():
        assert model._base_manager.count() == before[model] - (model is CareerMeeting), model
    for model, rows in values.items():
        assert sorted(map(repr, model._base_manager.values_list())) == rows
    assert not hasattr(CareerMeeting, "history")
    assert CareerMeeting not in admin.site._registry


@pytest.mark.parametrize(("name", "has"), [("bruno", True), ("amina", False), ("adviser", False), ("inspector", False)])
def test_the_export_of_personal_data_gives_it_to_the_person_alone(world, noted, name, has):
    rows = [row for title, rows in _holdings(getattr(world, name)) if "carrière" in title for row in rows]
    assert bool(rows) == has


def _holdings(person):
    return [
        (holding.title, list(holding.rows(person).values(*holding.fields.values())))
        for holding in registries.holdings()
    ]


def test_erasing_the_person_erases_it(world, noted):
    Membership.objects.filter(pk=noted.pk).delete()
    assert not CareerMeeting.objects.exists()


def test_a_new_year_taken_back_gives_the_note_to_the_row_that_it_came_from(world):
    """Noted in the year that was opened, of somebody who was noted before and of somebody who was not."""
    before = {name: getattr(world, name).memberships.get() for name in ("amina", "bruno")}
    long_ago = timezone.localdate() - timedelta(days=90)
    CareerMeeting.objects.create(membership=before["amina"], noted_on=long_ago)
    campaign = WishCampaign.objects.create(district=world.here.district, school_year=world.year, closes_on=long_ago)
    for row in before.values():
        Wish.objects.create(membership=row, answer="CONTINUE")
    opening = cycle.open_year(campaign=campaign, by=world.inspector)
    for name in before:
        membership = getattr(world, name).memberships.get(school_year=opening.to_year)
        actions.note_career_meeting(membership=membership, by=world.inspector, noted=True)
    cycle.take_back(opening=opening, by=world.inspector)
    assert set(CareerMeeting.objects.values_list("membership", "noted_on")) == {
        (before["amina"].pk, long_ago),
        (before["bruno"].pk, timezone.localdate()),
    }


def test_the_new_year_carries_no_trace_of_it(world, noted):
    """The next year's row is made from what everybody may read."""
    assert "career" not in {field.name for field in Membership._meta.get_fields()}
    with CaptureQueriesContext(connection) as queries:
        list(Membership.objects.visible_to(world.adviser).select_related("person", "group"))
    assert not any("careermeeting" in one["sql"] for one in queries)
