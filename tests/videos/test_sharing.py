"""The gate: a film is shown to others if and only if its record is complete, and the names shown are who sees it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.contrib.admin import site
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from circo.access import Visitor
from circo.models import Person
from circo.rules import Role
from networks.groups.rules import ENDED
from networks.models import Membership, MutualisationGroup, Network, Stage, Standing
from tests import world as world_module
from tests.videos.films import film_of
from tests.videos.records import adult, project_of, pupil
from videos import queries
from videos.consents import rules
from videos.consents.rules import Answer, Audience, Basis, Figure, Record, Signature
from videos.models import Absence, Agreement, DpoDecision, Film, Recorded, Scan, gate, sharing

DAY = timedelta(days=1)


def seers(world) -> set[str]:
    """Whoever sees a film that is not their own, as the next request finds them."""
    people = {name: Person.objects.get(pk=who.pk) for name, who in world.people.items()}
    return {name for name, who in people.items() if Film.objects.visible_to(who).exclude(author_id=who.pk).exists()}


@pytest.fixture
def project(world):
    return project_of(world.amina, world.here.group)


def test_film_without_a_project_is_its_authors_alone(world):
    film = film_of(world.amina, world.here.group, project=None)
    assert seers(world) == set()
    assert list(Film.objects.visible_to(world.amina)) == [film]
    assert not queries.circle(film).exists()


@pytest.mark.parametrize(
    "unfit",
    [
        {"declared_at": None},
        {"ends_on": timezone.localdate() - DAY, "recorded_from": date(2025, 1, 1), "recorded_until": date(2025, 1, 2)},
        {"recorded_from": date(2024, 12, 31)},
    ],
)
def test_project_that_is_not_whole_shows_nothing(world, unfit):
    film_of(world.amina, world.here.group, project=project_of(world.amina, world.here.group, **unfit))
    assert seers(world) == set()


@pytest.mark.parametrize("answer", [Answer.PENDING, Answer.REFUSED, Answer.WITHDRAWN])
def test_one_missing_signature_hides_the_film_until_the_pupil_is_absent_from_it(world, project, answer):
    film = film_of(world.amina, world.here.group, project=project)
    assert seers(world) == {"bruno"}
    one = pupil(project, "C. D.", Answer.AGREED, answer)
    assert seers(world) == set()
    absence = Absence.objects.create(film=film, recorded=one, how=Absence.How.ABSENT)
    assert seers(world) == {"bruno"}
    absence.delete()
    assert seers(world) == set()


def test_another_film_of_the_project_is_not_shown_because_of_an_absence(world, project):
    shown, other = (film_of(world.amina, world.here.group, project=project) for _ in range(2))
    one = pupil(project, "C. D.", Answer.REFUSED)
    Absence.objects.create(film=shown, recorded=one, how=Absence.How.ABSENT)
    assert list(Film.objects.visible_to(world.bruno)) == [shown]
    assert not queries.circle(other).exists()


def test_pupil_who_did_not_assent_or_nobody_signs_for_is_not_shown(world, project):
    film_of(world.amina, world.here.group, project=project)
    one = pupil(project, assented=False)
    assert seers(world) == set()
    one.agreements.all().delete()
    Recorded.objects.filter(pk=one.pk).update(assented=True)
    assert seers(world) == set(), "nobody who may sign is no agreement"


def test_agreement_that_ends_earlier_ends_the_sharing(world, project):
    film_of(world.amina, world.here.group, project=project)
    one = pupil(project)
    Agreement.objects.filter(recorded=one, number=2).update(ends_on=timezone.localdate())
    assert seers(world) == {"bruno"}
    Agreement.objects.filter(recorded=one, number=2).update(ends_on=timezone.localdate() - DAY)
    assert seers(world) == set()


def decide(world, kind: Basis, **fields) -> DpoDecision:
    fields = {"starts_on": timezone.localdate(), "reference": "D1", "officer": "Une déléguée"} | fields
    return DpoDecision.objects.create(departement=world.here.departement, kind=kind, **fields)


def test_one_holder_is_enough_only_while_the_officer_says_so(world):
    decision = decide(world, Basis.ONE_HOLDER)
    project = project_of(world.amina, world.here.group, decision=decision)
    pupil(project, "A. B.", Answer.AGREED, Answer.PENDING)
    film_of(world.amina, world.here.group, project=project)
    assert seers(world) == {"bruno"}
    DpoDecision.objects.update(starts_on=timezone.localdate() - 2 * DAY, ends_on=timezone.localdate() - DAY)
    assert seers(world) == set()


def test_public_task_asks_for_information_and_hears_an_objection(world):
    decision = decide(world, Basis.PUBLIC_TASK)
    project = project_of(world.amina, world.here.group, decision=decision)
    one = pupil(project, "A. B.", Answer.PENDING, Answer.PENDING, assented=False)
    film_of(world.amina, world.here.group, project=project)
    assert seers(world) == set()
    type(project).objects.update(informed_on=timezone.localdate())
    assert seers(world) == {"bruno"}
    Agreement.objects.filter(recorded=one, number=1).update(answer=Answer.REFUSED)
    assert seers(world) == set()


@pytest.mark.parametrize(
    ("agreed", "wished", "seen_by"),
    [
        (Audience.GROUP, Audience.PRIVATE, set()),
        (Audience.GROUP, Audience.GROUP, {"bruno"}),
        (Audience.GROUP, Audience.NETWORK, set()),
        (Audience.NETWORK, Audience.NETWORK, {"bruno", "chloe"}),
        (Audience.NETWORK, Audience.DISTRICT, set()),
        (
            Audience.DISTRICT,
            Audience.DISTRICT,
            {"bruno", "chloe", "teacher", "head_teacher", "trainer", "adviser", "inspector", "substitute"},
        ),
    ],
)
def test_circle_is_never_wider_than_what_people_agreed_to(world, agreed, wished, seen_by):
    project = project_of(world.amina, world.here.group, audience=agreed)
    film_of(world.amina, world.here.group, project=project, audience=wished)
    assert seers(world) == seen_by


@pytest.mark.parametrize(
    ("agreed", "seen_by"),
    [(Audience.GROUP, set()), (Audience.NETWORK, {"chloe"}), (Audience.DISTRICT, {"chloe"})],
)
def test_group_that_families_were_not_told_of_sees_nothing(world, agreed, seen_by):
    project = project_of(world.amina, world.here.group, audience=agreed)
    film_of(world.amina, world.here.other_group, project=project)
    assert seers(world) == seen_by
    film_of(world.amina, world.there.group, project=project)
    assert seers(world) == seen_by


def test_project_of_somebody_else_protects_nothing(world):
    film_of(world.amina, world.here.group, project=project_of(world.chloe, world.here.group))
    assert seers(world) == set()


def test_canary_a_gate_left_open_would_show_the_film(world, monkeypatch):
    film_of(world.amina, world.here.group, project=None)
    monkeypatch.setattr(sharing, "complete_record", lambda today: Q())
    monkeypatch.setattr(gate, "_written", {})
    assert seers(world) == {"bruno"}


# --- Random records and random worlds -------------------------------------------------------------------------------

ANSWERS = st.sampled_from([*Answer, *[Answer.AGREED] * 9])
FIGURES = st.builds(
    Figure,
    pupil=st.booleans(),
    signatures=st.lists(st.builds(Signature, ANSWERS), max_size=2),
    assented=st.sampled_from([True] * 5 + [False]),
    hidden=st.sampled_from([False, False, True]),
)


def write(world, record: Record, decision: DpoDecision | None, wished: Audience) -> Film:
    """The rows of `record`, whatever a page would have refused."""
    project = project_of(
        world.amina,
        world.here.group,
        declared_at=timezone.now() if record.declared else None,
        informed_on=record.informed_on,
        recorded_from=record.recorded_from,
        recorded_until=record.recorded_from,
        ends_on=record.ends_on,
        audience=record.audience,
        decision=decision,
    )
    film = film_of(world.amina, world.here.group, project=project, audience=wished)
    for number, figure in enumerate(record.figures):
        label = f"A. B. {number + 1}" if figure.pupil else f"Adulte {number}"
        one = Recorded.objects.create(project=project, pupil=figure.pupil, label=label, assented=figure.assented)
        paper = {"scan": Scan.objects.create(recorded=one, kind="pdf", size_bytes=1), "signed_on": record.recorded_from}
        for rank, signed in enumerate(figure.signatures, start=1):
            Agreement.objects.create(recorded=one, number=rank, answer=signed.answer, ends_on=signed.ends_on, **paper)
        if figure.hidden:
            Absence.objects.create(film=film, recorded=one, how=Absence.How.ABSENT)
    return film


def _ending(signatures: Sequence[Signature], on: date) -> list[Signature]:
    return [replace(signed, ends_on=on) for signed in signatures]


def some_record(draw, decision: DpoDecision | None, today: date) -> Record:
    """Any record, more often nearly whole than not."""
    own_end = today + draw(st.sampled_from([-1, 0, 1, 3, 3, 3])) * DAY
    recorded_from = today - draw(st.sampled_from([0, 0, 1, 100, 200, 400])) * DAY
    kind = (Basis(decision.kind), decision.starts_on, decision.ends_on) if decision else (None, None, None)
    people = [
        replace(
            one, signatures=[replace(given, ends_on=own_end if n else None) for n, given in enumerate(one.signatures)]
        )
        for one in draw(st.lists(FIGURES, max_size=2))
    ]
    return Record(
        basis=rules.basis(*kind, today),
        declared=draw(st.sampled_from([True] * 5 + [False])),
        informed_on=draw(st.sampled_from([None, today - DAY, today, today + DAY])),
        recorded_from=recorded_from,
        ends_on=max(recorded_from, today + draw(st.sampled_from([-1, 0, 1, 200])) * DAY),
        audience=draw(st.sampled_from(list(Audience)[1:])),
        covers_group=True,
        figures=people,
    )


def test_shared_if_and_only_if_complete(world, record_property):
    """Whatever the rows: `Film.shared` in SQL is `rules.lacks` in Python, and who sees the film is in its circle."""
    today, told = timezone.localdate(), {True: 0, False: 0}
    decisions = [None]
    for kind in (Basis.ONE_HOLDER, Basis.PUBLIC_TASK):
        before, after = {"starts_on": today - 2 * DAY, "ends_on": today - DAY}, {"starts_on": today + DAY}
        decisions += [decide(world, kind), decide(world, kind, **before), decide(world, kind, **after)]

    @hypothesis_settings(max_examples=200, deadline=None, derandomize=True)
    @given(data=st.data())
    def sweep(data):
        decision = data.draw(st.sampled_from(decisions))
        record = some_record(data.draw, decision, today)
        wished = data.draw(st.sampled_from([*Audience, *[Audience.GROUP] * 4]))
        complete = not rules.lacks(record, wished, today)
        told[complete] += 1
        with transaction.atomic():
            film = write(world, record, decision, wished)
            assert Film.objects.filter(pk=film.pk).shared().exists() == complete
            assert Film.objects.visible_to(world.bruno).filter(pk=film.pk).exists() == complete
            assert (world.bruno in queries.circle(film)) == complete
            transaction.set_rollback(True)

    sweep()
    assert min(told.values()) > 20, told
    record_property("checks", 3 * sum(told.values()))


def shuffled_world(world, draw: random.Random) -> None:
    """Everybody somewhere: roles, groups, advisers, departures, dismissals."""
    people = list(world.people.values())
    elsewhere = Network.objects.create(district=world.here.district, name="Un autre réseau")
    groups = [
        world.here.group,
        world.here.other_group,
        MutualisationGroup.objects.create(network=elsewhere, name="Ailleurs"),
        world.there.group,
    ]
    today = timezone.localdate()
    for who in people:
        for group in draw.sample(groups, draw.randint(0, 3)):
            others = list(Standing)  # ACTIVE among them
            standing = others[(who.pk + group.pk) % len(others)] if draw.random() < 0.2 else Standing.ACTIVE
            stage = Stage.FIRST_YEAR  # in which every standing is possible
            fields = {"stage": stage, "standing": standing, "left_on": today if standing in ENDED else None}
            Membership.objects.update_or_create(person=who, group=group, school_year=world.year, defaults=fields)
        if draw.random() < 0.3:
            place = draw.choice([world.here, world.there])
            role = draw.choice([Role.TEACHER, Role.ADVISER, Role.DEPARTEMENT, Role.STUDENT, Role.SECRETARY])
            at = {
                Role.TEACHER: place.schools[0],
                Role.ADVISER: place.district,
                Role.SECRETARY: place.district,
                Role.DEPARTEMENT: place.departement,
                Role.STUDENT: place.institution,
            }[role]
            world_module.post(who, role, at, ends_on=today - DAY if draw.random() < 0.3 else None)
        if draw.random() < 0.1:
            Person.objects.filter(pk=who.pk).update(is_active=not who.is_active)
    for group in groups:
        group.adviser = draw.choice([None, *people])
        group.save()


@pytest.mark.parametrize("seed", range(4))
def test_names_shown_are_exactly_those_who_see_the_film(world, seed, record_property):
    draw = random.Random(seed)
    shuffled_world(world, draw)
    films = []
    for audience in Audience:
        for author, group in ((world.amina, world.here.group), (world.denis, world.there.group)):
            project = project_of(author, group)
            pupil(project, "A. B.", *([Answer.AGREED] * 2 if draw.random() < 0.8 else [Answer.PENDING]))
            adult(project)
            films.append(film_of(author, group, project=project, audience=audience))
    seen, checked = 0, 0
    people = [Person.objects.get(pk=who.pk) for who in world.people.values()]
    circles = {film.pk: set(queries.circle(film)) for film in films}
    for who in people:
        visible = set(Film.objects.visible_to(who).exclude(author_id=who.pk).values_list("pk", flat=True))
        for film in films:
            if film.author_id != who.pk:
                assert (film.pk in visible) == (who in circles[film.pk]), (who, film.audience, seed)
                seen, checked = seen + (film.pk in visible), checked + 1
    assert seen > 10
    assert not Film.objects.visible_to(Visitor()).exists()
    record_property("checks", checked)


def test_one_verb_makes_films_and_one_shares_them():
    """No page, command, import or admin writes a film's project or circle by itself: who greps finds these places."""
    apps = [settings.BASE_DIR / name for name in ("circo", "networks", "videos", "trainings", "events", "partnerships")]
    files = {file: file.read_text() for app in apps for file in app.rglob("*.py") if "migrations" not in file.parts}
    making = re.compile(r"(?<!class )\bFilm\(\s*\w|Film\.objects\.(bulk_)?create")
    makers = {file.name for file, text in files.items() if making.search(text)}
    assert makers == {"deposits.py"}, "films are made by `actions.deposit` alone"
    # To take a film back for oneself alone shows it to nobody.
    sharing_line = re.compile(
        r"film\.(project|audience)(, film\.\w+)? = (?!(\w+, )?Audience\.PRIVATE$)|objects.*update\((project|audience)=",
        re.M,
    )
    sharers = {file.name for file, text in files.items() if sharing_line.search(text)}
    assert sharers == {"protecting.py"}, "a film's project and circle are written by `protect` alone"


@pytest.mark.parametrize("persona", ["superuser", "inspector", "departement", "secretary"])
def test_admin_offers_no_way_to_share_a_film(world, sign_in, persona):
    film = film_of(world.amina, world.here.group, project=None)
    client = sign_in(world.people[persona])
    names = [route.name for route in site.urls[0] for route in getattr(route, "url_patterns", [route])]
    ours = re.compile(r"videos_(film|recordingproject|recorded|agreement|scan|absence)_")
    reached = [name for name in names if ours.match(name)]
    assert reached == ["videos_film_changelist"]
    client.post(reverse("admin:videos_film_changelist"), {"action": "delete_selected", "_selected_action": [film.pk]})
    assert seers(world) == set()
    assert Film.objects.filter(pk=film.pk, project=None).exists()
