"""What two people say to each other is nowhere but before the two: pages, admin, search, exports, live, mails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.models import Notice, OutgoingMail
from circo.models.sealed import UNREADABLE
from circo.personal import actions as personal
from networks.mentoring import actions, live, queries
from networks.models import (
    MentoringGoal,
    MentoringMeeting,
    MentoringMessage,
    MentoringPair,
    MentoringSettings,
)
from networks.models import mentoring as models_of_mentoring
from tests.circo.drafts import begin
from tests.house.routes import make_things, routes, url_of
from tests.networks.mentoring_things import SECRET, pair_of
from tests.world import World

OF_PAIRS = (MentoringPair, MentoringMessage, MentoringGoal, MentoringMeeting)
OTHERS = [
    "bruno",
    "chloe",
    "denis",
    "head_teacher",
    "adviser",
    "inspector",
    "secretary",
    "departement",
    "superuser",
    "former",
]


@pytest.fixture
def things(world: World):
    """A pair of Amina with somebody whom no persona is; the adviser of her group has introduced them."""
    made = make_things(world, world.here, world.amina, world.secretary)
    world.here.group.adviser = world.adviser
    world.here.group.save()
    MentoringPair.objects.update(introduced_by=world.adviser)
    return made


def pages_that_say(person, things) -> list[str]:
    client = Client()
    client.force_login(person)
    found = []
    for route in routes():
        response = client.get(url_of(route, things), headers={"HX-Request": "true"})
        if not response.streaming and SECRET.encode() in response.content + str(response.headers).encode():
            found.append(route.name)
    return found


# Whoever leads, runs the platform, or is of the same group; of every persona, the access table says the statuses.
@pytest.mark.parametrize("persona", ["bruno", "adviser", "inspector", "departement", "superuser"])
@pytest.mark.sweep
def test_no_page_of_anybody_else_says_a_word(world, things, persona):
    assert pages_that_say(world.people[persona], things) == []


@pytest.mark.sweep
def test_the_eye_of_the_sweep_sees(world, things):
    said = pages_that_say(world.amina, things)
    assert {"networks:mentoring_pair", "networks:mentoring_thread", "networks:mentoring_edit"} <= set(said)


@pytest.mark.sweep
def test_the_sweep_fails_once_the_scope_is_widened(world, things, monkeypatch):
    """The canary: with a scope as wide as those of other rooms, the same sweep finds the words."""

    def widened(rows, person):
        return rows.all() if person.reach().district_ids else rows.none()

    monkeypatch.setattr(models_of_mentoring.MentoringPairQuerySet, "visible_to", widened)
    assert "networks:mentoring_pair" in pages_that_say(world.inspector, things)


def test_no_scope_knows_a_role(world):
    pair = pair_of(world.amina, world.bruno)
    actions.send(pair=pair, text="Un mot", by=world.amina)
    actions.add_goal(pair=pair, text="Un vœu", by=world.amina)
    actions.meet(pair=pair, starts_at=timezone.now(), minutes=60, place="Ici", by=world.amina)
    for name, person in world.people.items():
        for model in (MentoringPair, MentoringMessage, MentoringGoal, MentoringMeeting):
            assert model.objects.visible_to(person).exists() is (name in ("amina", "bruno")), (name, model)
    world.amina.is_active = False
    assert not MentoringPair.objects.visible_to(world.amina).exists()


def test_the_admin_has_no_page_of_a_pair_and_no_history(world, things, sign_in):
    assert not set(OF_PAIRS) & set(admin.site._registry)
    assert MentoringSettings in admin.site._registry, "what a district counts is no secret"
    assert not [model for model in apps.get_models() if "historicalmentoring" in model._meta.model_name][1:]
    client = sign_in(world.superuser)
    assert "binôme" not in client.get(reverse("admin:index")).content.decode().lower()
    for model in OF_PAIRS:
        assert client.get(f"/admin/networks/{model._meta.model_name}/").status_code == 404


def test_names_of_rows_say_nothing(world, things):
    for model in OF_PAIRS:
        for row in model.objects.all():
            assert SECRET not in f"{row}{row!r}"
            assert "Amina" not in f"{row}{row!r}"


def test_search_finds_nothing(world, things):
    for name in ("amina", *OTHERS):
        assert registries.search(world.people[name], SECRET) == []
        assert not [title for title, _ in registries.search(world.people[name], "mentorat")]


def test_the_database_and_its_dumps_hold_no_word(world, things):
    with connection.cursor() as cursor:
        for model in OF_PAIRS:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            rows = cursor.fetchall()
            assert rows, model
            assert SECRET not in repr(rows)
            assert SECRET not in serializers.serialize("json", model.objects.all())
    with pytest.raises(FieldError):
        MentoringMessage.objects.filter(text__contains=SECRET).exists()
    assert SECRET in MentoringMessage.objects.filter(removed_at=None).first().text


def test_a_key_that_is_lost_is_said_and_breaks_nothing(world, things, sign_in, settings):
    pair = MentoringPair.objects.visible_to(world.amina).filter(messages__isnull=False).order_by("pk").first()
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another key, long and random enough for the tests"
    page = sign_in(world.amina).get(reverse("networks:mentoring_pair", args=[pair.pk]))
    assert UNREADABLE in page.content.decode()
    settings.SECRET_KEY_FALLBACKS = [former]
    assert SECRET in sign_in(world.amina).get(page.request["PATH_INFO"]).content.decode()


def test_notices_and_mails_say_nothing(world, things):
    told = Notice.objects.filter(kind__in=(queries.MESSAGE, queries.NEWS))
    assert told.exists()
    for notice in told:
        assert notice.text == ""
        assert "Amina" not in notice.title
    assert not Notice.objects.filter(title__contains=SECRET).exists()
    assert not OutgoingMail.objects.filter(subject__contains=SECRET).exists()


def test_agendas_say_nothing(world, things):
    today = timezone.localdate()
    (first, *_) = queries.events(world.amina, today)
    assert SECRET not in repr(first)
    reasons = {one.reason for one in queries.busy([world.amina.pk], today, today + timedelta(days=9))}
    assert reasons == {"Une rencontre"}


def exported(person) -> str:
    found = []
    for holding in registries.holdings():
        found += [repr(list(holding.rows(person).values_list(*holding.fields.values())))]
    return " ".join(found)


def test_an_export_gives_one_s_own_words_alone(world):
    pair = pair_of(world.amina, world.bruno, introduced_by=world.adviser)
    actions.send(pair=pair, text="ParAmina", by=world.amina)
    actions.send(pair=pair, text="ParBruno", by=world.bruno)
    begin(world.bruno, f"{pair.drafts_place}/message", text="BrouillonBruno")
    assert "ParAmina" in exported(world.amina)
    assert "ParBruno" not in exported(world.amina)
    assert "BrouillonBruno" in exported(world.bruno)
    assert "ParAmina" not in exported(world.bruno)
    for name in ("adviser", "inspector", "superuser"):
        assert "Par" not in exported(world.people[name])


def test_erasing_somebody_erases_their_words_and_leaves_the_other_s(world):
    pair = pair_of(world.amina, world.bruno)
    actions.send(pair=pair, text="ParAmina", by=world.amina)
    kept = actions.send(pair=pair, text="ParBruno", by=world.bruno)
    world.amina.is_active = False
    world.amina.save()
    personal.erase(person=world.amina, by=world.superuser)
    assert MentoringMessage.objects.get() == kept
    assert MentoringPair.objects.visible_to(world.bruno).get() == pair
    world.bruno.is_active = False
    world.bruno.save()
    personal.erase(person=world.bruno, by=world.superuser)
    assert not MentoringPair.objects.exists()


@pytest.mark.parametrize("persona", ["amina", *OTHERS])
def test_the_live_channel_tells_the_two_alone_and_no_word(world, things, persona):
    pair = MentoringPair.objects.visible_to(world.amina).filter(messages__isnull=False).order_by("pk").first()
    channel = live.MentoringChannel()
    channel.scope = {"url_route": {"kwargs": {"pair_id": pair.pk}}}
    news = channel.news(world.people[persona])
    assert (news is not None) is (persona == "amina")
    assert news is None or set(news) == {"state"}
