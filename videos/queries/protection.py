"""Who may see a film, why, and what is still missing: for its page, and for the page that lists the names."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

from circo.models import Person
from networks.models import Membership, MutualisationGroup
from videos.consents import rules
from videos.consents.rules import Answer, Audience, Figure, Lack, Record, Signature
from videos.models import Absence, Film, Recorded, RecordingProject
from videos.queries.circles import circle, covers, future_circle
from videos.queries.projects import LACK_TEXTS, expires_on, people_of, projects

WAITS_ITS_TURN = "Il attend que vous le mettiez à la place de l’ancien."
HELD = "Il est retenu pendant le floutage, jusqu’à ce que vous ayez regardé le film flouté et dit qu’il convient."


@dataclass(frozen=True)
class Protection:
    """What the page of a film says of its protection; for whoever is not the author, `circle` alone."""

    circle: str  # in words
    is_shared: bool
    lacks: Sequence[str] = ()
    people: Sequence[Recorded] = ()  # of the project, each with `is_agreeing`
    missing: Sequence[Recorded] = ()  # those of them who keep it from being shown
    project: RecordingProject | None = None
    expires_on: date | None = None
    is_ending: bool = False


def circle_in_words(film: Film) -> str:
    """Name the circle that a film is, or will be, shown to."""
    network = film.group.network
    return {
        Audience.PRIVATE: "vous, et personne d’autre",
        Audience.GROUP: f"le groupe «\u00a0{film.group}\u00a0»",
        Audience.NETWORK: f"le réseau «\u00a0{network}\u00a0»",
        Audience.DISTRICT: rules.the_district(network.district.name),
    }[Audience(film.audience)]


def protection(film: Film, person: Person) -> Protection:
    """Read what protects `film`: all of it for its author, the circle's name for the others."""
    if film.author_id != person.pk:
        return Protection(circle=circle_in_words(film), is_shared=True)
    today, held = timezone.localdate(), [HELD] if film.is_held else []
    project = projects(person).filter(pk=film.project_id).first() if film.project_id else None
    if project is None:
        return Protection(circle=circle_in_words(film), is_shared=False, lacks=[*held, LACK_TEXTS[Lack.PROJECT]])
    people, hidden = list(people_of([project.pk], today)), hidden_in(film)
    lacks = rules.lacks(record_of(film, project, people, hidden, today), Audience(film.audience), today)
    end = expires_on(project, people, hidden)
    return Protection(
        circle=circle_in_words(film),
        is_shared=not lacks and not film.is_held,
        lacks=[*held, *(_in_words(lack, film) for lack in lacks)],
        people=people,
        missing=[one for one in people if not one.is_agreeing and one.pk not in hidden],
        project=project,
        expires_on=end,
        is_ending=today <= end <= today + rules.WARNED_BEFORE,
    )


def _in_words(lack: Lack, film: Film) -> str:
    return WAITS_ITS_TURN if lack == Lack.PRIVATE and film.replaces_id else LACK_TEXTS[lack]


def hidden_in(film: Film) -> dict[int, str]:
    """The people of the project who cannot be recognised in this film, and how: an `Absence.How`."""
    return dict(Absence.objects.filter(film=film).order_by().values_list("recorded_id", "how"))


def record_of(
    film: Film, project: RecordingProject, people: Sequence[Recorded], hidden: Container[int], today: date
) -> Record:
    """The record of a film as the rules read it, from rows of `people_of`."""
    figures = [
        Figure(
            pupil=one.pupil,
            assented=one.assented,
            hidden=one.pk in hidden,
            signatures=[Signature(Answer(given.answer), given.ends_on) for given in one.agreements.all()],
        )
        for one in people
    ]
    return Record(
        basis=project.basis(today),
        declared=project.declared_at is not None,
        informed_on=project.informed_on,
        recorded_from=project.recorded_from,
        ends_on=project.ends_on,
        audience=Audience(project.audience),
        covers_group=covers(project, film.group),
        figures=figures,
    )


# --- « Qui peut voir ce film » ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProtectionPage:
    """Exact names, by the reason that gives each of them the film; and who of the project is absent from it."""

    protection: Protection
    groups: Sequence[tuple[str, Sequence[Person]]]
    count: int
    people: Sequence[tuple[Recorded, str]]  # with `is_agreeing`, and how hidden in this film: nothing if they are not


def protection_page(film: Film, person: Person) -> ProtectionPage:
    """List who sees `film` today or, while its record is not complete or it is not ready, who will."""
    told = protection(film, person)
    seen = circle(film) if told.is_shared and film.is_watchable else future_circle(film)
    rows = list(seen.annotate(reason=_reason(film)).order_by("reason", "last_name", "first_name", "pk"))
    names, hidden = _reasons(film), hidden_in(film)
    groups = [(names[reason], list(found)) for reason, found in groupby(rows, key=lambda one: one.reason)]
    people = [(one, hidden.get(one.pk, "")) for one in told.people]
    return ProtectionPage(protection=told, groups=groups, count=len(rows), people=people)


def _reason(film: Film) -> Case:
    """The closest tie to the film that a person has, as a number."""
    of_network = MutualisationGroup.objects.filter(network_id=film.group.network_id).order_by()
    members = Membership.objects.in_force().order_by()
    return Case(
        When(pk__in=members.filter(group_id=film.group_id).values("person_id"), then=Value(1)),
        When(pk=film.group.adviser_id, then=Value(2)),
        When(pk__in=members.filter(group__in=of_network.values("pk")).values("person_id"), then=Value(3)),
        When(pk__in=of_network.filter(adviser__isnull=False).values("adviser_id"), then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )


def _reasons(film: Film) -> dict[int, str]:
    network = film.group.network
    return {
        1: f"Membres du groupe «\u00a0{film.group}\u00a0»",
        2: f"Anime le groupe «\u00a0{film.group}\u00a0»",
        3: f"Membres des autres groupes du réseau «\u00a0{network}\u00a0»",
        4: f"Animent les autres groupes du réseau «\u00a0{network}\u00a0»",
        5: f"Travaillent dans {rules.the_district(network.district.name)}",
    }
