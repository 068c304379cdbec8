"""What placements keep of a person, and what goes with the account."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from circo.models import Person
from circo.registries import Holding
from partnerships.models import LogEntry, Placement, PlacementDay, PlacementReview, PlacementStudent, TutorVisit
from partnerships.placements import holding, telling, writing
from partnerships.placements.queries import openings

HOLDINGS = (
    Holding(
        "Mes stages, par demi-journée",
        lambda person: PlacementDay.objects.filter(person=person, placement__published_at__isnull=False).order_by(
            "day", "half", "pk"
        ),
        {
            "jour": "day",
            "demi-journée": "half",
            "pour": "kind",
            "chez": "offer__person__last_name",
            "école": "offer__school__name",
            "fondement": "basis",
            "libérée le": "freed_at",
            "n’a pas eu lieu": "missed_by",
        },
    ),
    Holding(
        "Les stages dans ma classe, par demi-journée",
        lambda person: PlacementDay.objects.filter(
            offer__person=person, placement__confirmed_at__isnull=False
        ).order_by("day", "half", "pk"),
        {"jour": "day", "demi-journée": "half", "pour": "kind", "école": "offer__school__name"},
        "Les noms des étudiants sont les leurs\u00a0: on les lit sur les pages de ces stages.",
    ),
    Holding(
        "Les classes où je réponds sur place",
        lambda person: PlacementDay.objects.filter(adult=person).order_by("day", "half", "pk"),
        {"jour": "day", "demi-journée": "half", "école": "offer__school__name"},
    ),
    Holding(
        "Mon carnet de stage",
        lambda person: LogEntry.objects.filter(of__student__person=person).order_by("day", "pk"),
        {
            "jour": "day",
            "ce que j’en garde": "text",
            "lu par l’enseignant·e": "is_for_host",
            "lu par le tuteur ou la tutrice": "is_for_tutor",
            "écrit le": "written_at",
            "retiré le": "removed_at",
        },
    ),
    Holding(
        "Les bilans de mes stages",
        lambda person: PlacementReview.objects.filter(of__student__person=person, given_at__isnull=False).order_by(
            "pk"
        ),
        {"ce qui est acquis": "strengths", "ce qui reste à travailler": "next_steps", "donné le": "given_at"},
    ),
    Holding(
        "Les bilans que j’ai écrits",
        lambda person: PlacementReview.objects.filter(author=person).order_by("pk"),
        {"ce qui est acquis": "strengths", "ce qui reste à travailler": "next_steps", "donné le": "given_at"},
        "Un bilan est celui d’un étudiant, dont le nom n’est pas ici.",
    ),
    Holding(
        "Mes visites de tutorat",
        lambda person: TutorVisit.objects.filter(tutor=person).order_by("day", "half", "pk"),
        {
            "jour": "day",
            "demi-journée": "half",
            "école": "placement__offer__school__name",
            "annulée le": "cancelled_at",
        },
    ),
)


def erase(person: Person) -> None:
    """Erase the placements that nobody else goes to, and their history; a partner keeps the common one. What they took
    is free again, and whoever counts on them is told, without a name."""
    now = timezone.now()
    concerned = Placement.objects.filter(Q(students__student__person=person) | Q(offer__person=person))
    for placement in concerned.distinct().order_by("pk"):
        held = holding.held(placement)
        is_host = held.offer.person_id == person.pk
        rows = [row for row in held.days.standing() if is_host or row.person_id == person.pk]
        coming = [row for row in rows if not openings.has_begun(row.half_day, now)]
        writing.give_back(held, rows, now)
        if coming and held.confirmed_at is not None:
            telling.left(held, person, min(coming, key=lambda row: row.half_day).when)
    shared = PlacementStudent.objects.exclude(student__person=person).values("placement_id")
    alone = Q(students__student__person=person) & ~Q(pk__in=shared)
    keys = set(Placement.objects.filter(alone | Q(offer__person=person)).order_by().values_list("pk", flat=True))
    Placement.objects.filter(pk__in=keys).delete()
    Placement.history.filter(id__in=keys).delete()
