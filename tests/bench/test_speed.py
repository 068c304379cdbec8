"""Every page at the size of a département: 3,300 teachers, 3 years of postings. Run by `make bench`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import clear_url_caches, set_urlconf
from django.utils import timezone

from circo.models import Person, School
from circo.portal.demo.accounts import DOMAIN, READING
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from networks.models import MutualisationGroup
from tests import world as world_module
from tests.bench import growing, growing_networks, growing_trainings, measuring
from tests.bench.pages import PAGES, Scene
from tests.bench.test_query_counts import IDS, queries_of

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
MANY = 3000
POSTS = 500_000
ACCOUNTS = {
    "teacher": "amina",
    "adviser": "conseillere",
    "inspector": "inspectrice",
    "secretary": "secretaire",
    "departement": "departement",
}


def test_three_thousand_rows_cost_the_queries_of_one(client):
    """All the pages that differ are told at once. It stands first: the département below would be in its way."""
    world = world_module.build()
    scene = growing.scene_of(world)
    counts: dict[str, list[int]] = {}
    for numbers in (range(1, 2), range(2, 4), range(4, MANY + 1)):
        growing.grow(scene, numbers)
        for page, name in zip(PAGES, IDS, strict=True):
            client.force_login(scene.people[page.who])
            counts.setdefault(name, []).append(len(queries_of(client, page.url(scene))))
    assert {name: seen for name, seen in counts.items() if len(set(seen)) > 1} == {}


@pytest.fixture(scope="module")
def report():
    """What was measured; left as JSON where BENCH_OUT says."""
    found = {"engine": "", "rounds": measuring.ROUNDS, "pages": []}
    yield found
    if out := os.environ.get("BENCH_OUT"):
        Path(out).write_text(json.dumps(found))


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, report):
    """A département as the demonstration draws it, with films, comments, notices and papers, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        write(plan(size="departement", today=timezone.localdate()))
        scene = departement_scene()
        report["engine"] = measuring.engine()
        connection.cursor().execute("ANALYZE")
        yield scene
        transaction.set_rollback(True)


def departement_scene() -> Scene:
    people = {role: Person.objects.get(email=f"{name}@{DOMAIN}") for role, name in ACCOUNTS.items()}
    group = MutualisationGroup.objects.of_member(people["teacher"]).get(name=READING)
    bruno = Person.objects.get(email=f"bruno@{DOMAIN}")
    school = School.objects.get(uai="0271300S")
    film = growing.films(group, bruno, range(300))[0]
    salon = growing_networks.salon_of(group, "Un salon de cinq cent mille messages")
    growing_networks.posts(salon, list(Person.objects.filter(memberships__group=group).distinct()), POSTS)
    quiz = growing_trainings.quiz_of(group.network.district)
    scene = Scene(
        people=people,
        group=group,
        school=school,
        film=film,
        salon=salon,
        campaign=growing_networks.campaign_of(group),
        quiz=quiz,
        transfer=growing_trainings.transfer_of(quiz, people["adviser"]),
    )
    for number, other in enumerate(MutualisationGroup.objects.exclude(pk=group.pk).select_related("adviser")):
        growing.films(other, other.adviser, range(300 + 27 * number, 327 + 27 * number))
    growing.moments(film, bruno, range(60))
    growing.notices(people.values(), range(MANY))
    growing.imports(scene, range(30))
    growing.invitations(scene, Person.objects.visible_to(people["inspector"])[:300])
    return scene


@pytest.fixture(scope="module")
def clients(scene):
    """A signed-in client for each, and one that passes no middleware."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ROOT_URLCONF", "tests.bench.measuring")
        clear_url_caches()
        set_urlconf(None)
        made = {role: Client() for role in scene.people}
        for role, client in made.items():
            client.force_login(scene.people[role])
        yield made | {"bare": measuring.bare_client()}
    clear_url_caches()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_time_of_a_page(scene, clients, report, page):
    times = measuring.measure(clients[page.who], clients["bare"], page.url(scene))
    report["pages"].append({"name": page.name, "who": page.who, "ratio": times.ratio, **asdict(times)})
