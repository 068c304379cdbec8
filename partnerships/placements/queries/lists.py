"""The lists of placements: those that one sees, who comes to one's class or school, by what right a class is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.models import Person
from circo.models.folding import words_of
from circo.queries import Filter
from circo.registries import Found
from circo.rules import worded
from networks.models.sites import schools_headed_by
from partnerships.cohorts.rules import DayKind
from partnerships.models import Cohort, Placement, PlacementDay, PlacementStudent, Student
from partnerships.placements import rules
from partnerships.placements.queries import agenda, openings
from partnerships.placements.rules import PlacementState

WITHOUT_ADULT, UNFOUNDED, UNSIGNED, WITHOUT_TUTOR = "adulte", "fondement", "convention", "tuteur"
MISSING = [
    (WITHOUT_ADULT, "Adulte référent à nommer"),
    (UNFOUNDED, "Classe tenue sans fondement ou sans adulte"),
    (UNSIGNED, "Convention à faire signer"),
    (WITHOUT_TUTOR, "Personne ne le suit"),
]


@dataclass(frozen=True)
class Asked:
    """How a list of placements is narrowed."""

    words: str = ""
    cohort: str = ""
    state: str = ""
    missing: str = ""

    @property
    def query(self) -> str:
        named = (("mots", self.words), ("promotion", self.cohort), ("etat", self.state), ("manque", self.missing))
        return "&".join(f"{name}={value}" for name, value in named if value)


def listed(person: Person, asked: Asked) -> QuerySet[Placement]:
    """The placements that one sees, the first to begin first: `first_on`, `last_on`, `half_days`, what is missing."""
    days = PlacementDay.objects.standing().filter(placement=OuterRef("pk")).order_by().values("placement")
    rows = (
        openings.placements()
        .visible_to(person)
        .annotate(
            first_on=Subquery(days.annotate(found=Min("day")).values("found")),
            last_on=Subquery(days.annotate(found=Max("day")).values("found")),
            half_days=Subquery(days.annotate(found=_days_of("AM") + _days_of("PM")).values("found")),
            lacks_adult=Exists(agenda.without_adult().filter(placement=OuterRef("pk"))),
            is_unfounded=Exists(agenda.unfounded().filter(placement=OuterRef("pk"))),
            is_unsigned=Exists(agenda.unsigned().filter(placement=OuterRef("pk"))),
        )
    )
    rows = rows.filter(state=asked.state) if asked.state else rows.exclude(state=PlacementState.CANCELLED)
    if asked.cohort:
        rows = rows.filter(cohort_id=asked.cohort)
    rows = _naming(rows, words_of(asked.words))
    lacking: Mapping[str, Q] = {
        WITHOUT_ADULT: Q(lacks_adult=True),
        UNFOUNDED: Q(is_unfounded=True),
        UNSIGNED: Q(is_unsigned=True),
        WITHOUT_TUTOR: Q(tutor=None, state__in=sorted(rules.OPEN)),
    }
    return rows.filter(lacking.get(asked.missing, Q())).order_by("first_on", "offer__school__name", "pk")


def _days_of(half: str) -> Count:
    """On how many days somebody comes in this half; two of a pair count once."""
    return Count("day", filter=Q(half=half), distinct=True)


def _naming[Rows: QuerySet](rows: Rows, words: Sequence[str]) -> Rows:
    """Those whose students, teacher and school hold each of these folded words."""
    paths = ("students__student__person", "offer__person", "offer__school")
    for word in words:
        named = reduce(or_, (Q((f"{path}__folded__contains", word)) for path in paths))
        rows = rows.filter(pk__in=Placement.objects.filter(named).order_by().values("pk"))
    return rows


def search(person: Person, text: str, most: int) -> list[Found]:
    """The placements that one sees, the latest first, by student, teacher or school; none that is cancelled."""
    words = words_of(text)
    if not words:
        return []
    rows = _naming(openings.placements().visible_to(person).standing(), words)
    return [
        Found(row.title, f"Chez {row.offer}", reverse("partnerships:placement_page", args=[row.pk]))
        for row in rows.order_by("-created_at", "-pk")[:most]
    ]


def filters(person: Person, asked: Asked) -> list[Filter]:
    """The choices of that list: cohorts are offered to who coordinates them, or sees them in the district."""
    seen = Placement.objects.visible_to(person).order_by().values("cohort_id")
    cohorts = [(str(one.pk), str(one)) for one in Cohort.objects.filter(pk__in=seen)]
    found = [Filter("promotion", "Promotion", cohorts, asked.cohort, "Toutes")] if len(cohorts) > 1 else []
    found.append(Filter("etat", "État", worded(rules.STATE_LABELS), asked.state, "Tous, sauf annulés"))
    if may_run(person):
        found.append(Filter("manque", "Ce qui manque", MISSING, asked.missing))
    return found


def may_run(person: Person) -> bool:
    """Whether one publishes placements somewhere."""
    return person.reach().can(Permission.PUBLISH_PLACEMENTS)


# --- Who comes --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Coming:
    """Who comes to one class on one half-day."""

    half_day: HalfDay
    rows: Sequence[PlacementDay]
    has_adult: bool  # still in the school on that day

    @property
    def when(self) -> str:
        return self.rows[0].when

    @property
    def names(self) -> str:
        return " et ".join(str(row.person) for row in self.rows)

    @property
    def is_held(self) -> bool:
        return self.rows[0].kind == DayKind.RESPONSIBILITY

    @property
    def kind(self) -> str:
        return self.rows[0].get_kind_display()

    @property
    def adult(self) -> Person | None:
        return self.rows[0].adult if self.has_adult else None

    @property
    def placement_id(self) -> int:
        return self.rows[0].placement_id

    @property
    def is_today(self) -> bool:
        return self.half_day.day == timezone.localdate()

    @property
    def offer(self) -> object:
        return self.rows[0].offer


def coming(person: Person, *, most: int = 200) -> tuple[list[Coming], list[Coming]]:
    """Who comes to one's own class from today on, then to the other classes: of the schools that one heads, and where
    one answers for students who hold the class."""
    own = Q(offer__person=person)
    others = Q(offer__school_id__in=schools_headed_by(person)) | Q(adult=person)
    rows = PlacementDay.objects.standing().filter(
        own | others, placement__state__in=sorted(rules.TOLD), day__gte=timezone.localdate()
    )
    rows = rows.select_related("person", "adult", "offer__person", "offer__school")
    together: dict[tuple, list[PlacementDay]] = defaultdict(list)
    answered = set(rows.filter(agenda.answers()).order_by().values_list("pk", flat=True))
    for row in rows.order_by("day", "half", "offer_id", "pk")[:most]:
        together[row.half_day, row.placement_id].append(row)
    found = [Coming(half_day, of_it, of_it[0].pk in answered) for (half_day, _), of_it in together.items()]
    mine = [one for one in found if one.rows[0].offer.person_id == person.pk]
    return mine, [one for one in found if one.rows[0].offer.person_id != person.pk]


# --- By what right ----------------------------------------------------------------------------------------------------
def held(person: Person, since: date) -> QuerySet[PlacementDay]:
    """The half-days on which students hold a class, of the placements that one sees, public or to be: who, where, by
    what right, who answers. `is_unfounded`: nothing lets them, or nobody answers."""
    wrong = agenda.unfounded().filter(pk=OuterRef("pk"))
    rows = (
        PlacementDay.objects.visible_to(person)
        .standing()
        .filter(kind=DayKind.RESPONSIBILITY, placement__state__in=sorted(rules.TOLD), day__gte=since)
    )
    rows = rows.select_related("person", "adult", "offer__person", "offer__school", "placement")
    return rows.annotate(is_unfounded=Exists(wrong)).order_by("day", "half", "offer_id", "pk")


def next_days(person: Person, *, most: int = 5) -> list[PlacementDay]:
    """One's next half-days as a student, of the placements that one was told of."""
    rows = PlacementDay.objects.standing().filter(
        person=person, placement__state=PlacementState.PUBLISHED, day__gte=timezone.localdate()
    )
    return list(rows.select_related("offer__person", "offer__school").order_by("day", "half", "pk")[:most])


# --- Of one student ---------------------------------------------------------------------------------------------------
def own(person: Person) -> list[Placement]:
    """One's placements as a student, the coming ones first: `first_on`, `last_on`."""
    return _of(person, openings.placements().gone_by(person))


def of_student(student: Student) -> list[Placement]:
    """What is booked for a student of a cohort, for who coordinates it: as `own`, and what is not told yet."""
    going = PlacementStudent.objects.filter(student=student).order_by().values("placement_id")
    return _of(student.person, openings.placements().standing().filter(pk__in=going))


def _of(person: Person, rows: QuerySet[Placement]) -> list[Placement]:
    days = PlacementDay.objects.standing().filter(placement=OuterRef("pk"), person=person).order_by()
    of_each = days.values("placement")
    dated = rows.annotate(
        first_on=Subquery(of_each.annotate(found=Min("day")).values("found")),
        last_on=Subquery(of_each.annotate(found=Max("day")).values("found")),
    )
    return list(dated.order_by("-last_on", "pk"))
