"""Paths at the size of a département: 3,300 learners, 100 paths, 2 million progress rows, a session of 300; as many
queries as for one of each."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from tests.trainings.learners import module_of, path_of, question_of, step_of
from tests.trainings.sessions import date_of, session_of, taking
from trainings.learning import actions
from trainings.models import Enrolment, PathReview, PathSession, PathVersion, StepProgress
from trainings.paths.rules import Opening, StepKind

LEARNERS, PATHS, EACH, FOLLOWED = 3_300, 100, 30, 300  # EACH: paths that one takes
MODULES, STEPS = 4, 5
PAGE_WITHIN_S = 1.0  # generous: the other work of the machine is in it
ENROL = """
INSERT INTO trainings_enrolment
  (person_id, path_id, version_id, followed, goals, reminder_day, seen_at, started_at, done_steps, total_steps,
   left_minutes, credited_minutes)
SELECT p.id, v.path_id, v.id, %s, '', '', %s, %s, 12, 20, 90, 0
FROM circo_person p, trainings_pathversion v
WHERE p.email LIKE 'learner.%%' AND (p.id + v.id) %% %s < %s
"""
PROGRESS = """
INSERT INTO trainings_stepprogress (enrolment_id, step_id, started_at, done_at, text)
SELECT e.id, s.id, e.started_at, e.started_at, ''
FROM trainings_enrolment e
JOIN trainings_module m ON m.version_id = e.version_id
JOIN trainings_step s ON s.module_id = m.id
JOIN circo_person p ON p.id = e.person_id
WHERE p.email LIKE 'learner.%'
"""
ANSWERS = """
INSERT INTO trainings_questionanswer (enrolment_id, question_id, answer, is_right, tries, answered_at)
SELECT e.id, q.id, '["0"]', %s, 1 + e.id %% 4, e.started_at
FROM trainings_enrolment e
JOIN trainings_module m ON m.version_id = e.version_id
JOIN trainings_step s ON s.module_id = m.id
JOIN trainings_question q ON q.step_id = s.id
JOIN circo_person p ON p.id = e.person_id
WHERE p.email LIKE 'learner.%%'
"""


def path_number(world, number: int) -> PathVersion:
    version = path_of(world.here.district, f"Parcours {number}", opening=Opening.DEPARTEMENT, minutes=120)
    for rank in range(MODULES):
        module = module_of(version, f"Module {rank}")
        for _ in range(STEPS - 1):
            step_of(module)
        question_of(step_of(module, StepKind.QUIZ, "Des questions"))
    return version


@pytest.fixture
def session(world) -> PathSession:
    """One path, one session, one learner in it who has begun, and one who has not for long."""
    version = path_number(world, 0)
    session = session_of(version, world.trainer)
    taken = taking(world.amina, session)
    actions.read(enrolment=taken, step=version.modules.first().steps.first(), by=world.amina)
    silent = taking(world.bruno, session)
    Enrolment.objects.filter(pk=silent.pk).update(started_at=timezone.now() - timedelta(days=20))
    for one in (taken, silent):
        PathReview.objects.create(enrolment=one, keeps="Un mot")
    date_of(session)
    return session


def fill(world, session: PathSession) -> None:
    for number in range(1, PATHS):
        path_number(world, number)
    Person.objects.bulk_create(
        (
            Person(email=f"learner.{n}@ecole.test", first_name="Marie", last_name=f"Delamarre {n}", password="!")
            for n in range(LEARNERS)
        ),
        batch_size=500,
    )
    then = timezone.now() - timedelta(days=20)
    with connection.cursor() as cursor:
        cursor.execute(ENROL, [True, then, then, PATHS, EACH])
        cursor.execute(PROGRESS)
        cursor.execute(ANSWERS, [False])
        cursor.execute("ANALYZE")
    mine = Enrolment.objects.filter(version=session.version).order_by("pk").values_list("pk", flat=True)
    Enrolment.objects.filter(pk__in=list(mine[:FOLLOWED])).update(session=session)
    PathReview.objects.bulk_create(
        PathReview(enrolment_id=pk, keeps="Un mot de taille ordinaire") for pk in mine[FOLLOWED:600]
    )


def costs(world, session: PathSession) -> dict[str, tuple[int, float]]:
    """How many queries each page asks for, and in how many seconds it comes."""
    path = session.version.path_id
    step = session.version.modules.first().steps.first()
    catalogue, tutor = reverse("trainings:catalogue"), reverse("trainings:session_page", args=[session.pk])
    pages = {
        "learner: my paths": (world.amina, reverse("trainings:mine")),
        "learner: a path": (world.amina, reverse("trainings:path_show", args=[path])),
        "learner: a step": (world.amina, reverse("trainings:step_page", args=[path, step.pk])),
        "catalogue": (world.amina, catalogue),
        "catalogue, words": (world.amina, f"{catalogue}?q=parcours"),
        "catalogue, filters": (world.amina, f"{catalogue}?duree=moyenne&domaine=SEVERAL"),
        "tutor: sessions": (world.trainer, reverse("trainings:session_list")),
        "tutor: a session": (world.trainer, tutor),
        "tutor: who seems stuck": (world.trainer, f"{tutor}?vue=bloques"),
    }
    found = {}
    for name, (who, url) in pages.items():
        client = Client()
        client.force_login(who)
        client.get(url)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        found[name] = (len(seen), round(time.perf_counter() - began, 3))
    return found


@pytest.mark.bench
@pytest.mark.django_db
def test_pages_cost_the_same_at_the_size_of_a_departement(world, session):
    few = costs(world, session)
    fill(world, session)
    many = costs(world, session)
    rows = StepProgress.objects.count()
    for name, (count, seconds) in many.items():
        print(f"{name}: {count} queries, {seconds} s with {rows} progress rows, {few[name][1]} s with one")  # noqa: T201
    assert rows > 1_900_000
    assert {name: count for name, (count, _) in many.items()} == {name: count for name, (count, _) in few.items()}
    assert all(count <= 26 for count, _ in many.values()), many
    assert all(seconds < PAGE_WITHIN_S for _, seconds in many.values()), many
