"""More rows of everything that a list shows: what one page shows must not depend on how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Model
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from circo import rules
from circo.models import Derogation, ImportRun, Invitation, Notice, Person, Posting, School
from circo.rules import Role
from networks.models import Membership, MutualisationGroup, Network
from tests import world as world_module
from tests.bench import growing_networks, growing_trainings
from tests.bench.pages import Scene
from tests.videos.records import record_of
from videos.models import Film, FilmState, Moment, MomentKind
from videos.queries import FILM_READY

BATCH = 500


def scene_of(world: world_module.World) -> Scene:
    """The scene of the tests' own world."""
    people = {name: getattr(world, name) for name in ("adviser", "inspector", "secretary", "departement")}
    film = films(world.here.group, world.bruno, range(1))[0]
    salon = growing_networks.salon_of(world.here.group)
    campaign = growing_networks.campaign_of(world.here.group)
    quiz = growing_trainings.quiz_of(world.here.district)
    transfer = growing_trainings.transfer_of(quiz, world.adviser)
    return Scene(
        people={"teacher": world.amina, **people},
        group=world.here.group,
        school=world.here.schools[0],
        film=film,
        salon=salon,
        campaign=campaign,
        quiz=quiz,
        transfer=transfer,
    )


def grow(scene: Scene, numbers: range) -> None:
    """Add one row per number, of each kind, in the district, the group and the film of the scene."""
    district = scene.school.district
    colleagues = people(numbers)
    history(
        Posting(person=who, role=Role.TEACHER, school=scene.school, levels=["CP"], class_size=22) for who in colleagues
    )
    schools(scene, numbers)
    groups(scene, numbers)
    year = world_module.school_year()
    members = history(Membership(person=who, group=scene.group, school_year=year) for who in colleagues)
    growing_networks.wishes(members)
    films(scene.group, scene.colleague, numbers)
    moments(scene.film, scene.colleague, numbers)
    notices(scene.people.values(), numbers)
    today = timezone.localdate()
    history(
        Derogation(
            district=district, reference=f"D-{n}", authority="Recteur", allows="…", starts_on=today, ends_on=today
        )
        for n in numbers
    )
    imports(scene, numbers)
    invitations(scene, colleagues)
    growing_networks.salons(scene.group, numbers)
    growing_networks.posts(scene.salon, [scene.colleague, *colleagues], 3 * len(numbers))
    growing_networks.sites(scene.school, colleagues)
    growing_networks.meetings(scene.group, scene.colleague, numbers)
    growing_networks.places(scene.school, numbers)
    growing_networks.hours(scene.people["teacher"], scene.school, numbers)
    growing_trainings.transfers(scene.transfer, scene.quiz, numbers)


def history(rows: Iterable[Model]) -> list:
    """Insert rows with the first line of their history; postings begin with the school year."""
    rows = list(rows)
    for row in rows:
        if isinstance(row, Posting):
            row.starts_on = rules.school_year_bounds(timezone.localdate())[0]
    return bulk_create_with_history(rows, type(rows[0]), batch_size=BATCH)


def people(numbers: range) -> list[Person]:
    return history(
        Person(email=f"grown.{n}@ecole.test", first_name="Marie", last_name=f"Delamarre {n}", password="!")
        for n in numbers
    )


def schools(scene: Scene, numbers: range) -> None:
    history(
        School(
            district=scene.school.district,
            uai=world_module.uai("28", n + 1),
            name=f"École de la Mare {n}",
            commune="Marais",
            insee_code="27701",
        )
        for n in numbers
    )


def groups(scene: Scene, numbers: range) -> None:
    """Groups of one network, of which the teacher is a member."""
    network = Network.objects.get(pk=scene.group.network_id)
    adviser = scene.people["inspector"]
    made = history(MutualisationGroup(network=network, name=f"Groupe de {n}", adviser=adviser) for n in numbers)
    year = world_module.school_year()
    history(Membership(person=scene.people["teacher"], group=group, school_year=year) for group in made)


def films(group: MutualisationGroup, author: Person, numbers: range) -> list[Film]:
    project = record_of(author, group)
    made = Film.objects.bulk_create(
        (
            Film(
                group=group,
                author=author,
                project=project,
                title=f"Un film {n}",
                state=FilmState.READY,
                duration_s=60.0,
                ready_at=timezone.now(),
                playable_at=timezone.now(),
                output="1",
            )
            for n in numbers
        ),
        batch_size=BATCH,
    )
    return list(made)


def moments(film: Film, author: Person, numbers: range) -> None:
    Moment.objects.bulk_create(
        (Moment(film=film, author=author, at_s=n % 60, kind=MomentKind.FACT, text=f"Moment {n}") for n in numbers),
        batch_size=BATCH,
    )


def notices(readers: Iterable[Person], numbers: range) -> None:
    Notice.objects.bulk_create(
        (
            Notice(person=reader, kind=FILM_READY, key=f"grown-{n}", title=f"Avis {n}", path="/films/")
            for reader in readers
            for n in numbers
        ),
        batch_size=BATCH,
    )


def imports(scene: Scene, numbers: range) -> None:
    by = scene.people["secretary"]
    ImportRun.objects.bulk_create(
        ImportRun(kind="PEOPLE", district=scene.school.district, file_name=f"{n}.csv", started_by=by) for n in numbers
    )


def invitations(scene: Scene, invited: Iterable[Person]) -> None:
    by = scene.people["inspector"]
    Invitation.objects.bulk_create(
        Invitation(person=who, digest=f"{who.pk:064d}", invited_by=by, expires_at=timezone.now() + timedelta(days=7))
        for who in invited
    )
