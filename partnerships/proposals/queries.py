"""What proposals are computed from, as rows, and what their pages show."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet
from django.utils import timezone

from circo import french
from circo.calendar.rules import HalfDay
from circo.models import CalendarChange, Job, Person, School
from circo.queries import Filter
from networks.visits.rules import PRACTICES
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.models import (
    ClassSeat,
    Cohort,
    HostingRules,
    HostOffer,
    PlacementDay,
    PlacementProposal,
    ProposalApart,
    ProposalLine,
    Student,
    UniversityPeriod,
)
from partnerships.offers import queries as offers
from partnerships.offers.rules import OfferState
from partnerships.placements import rules as placement_rules
from partnerships.placements.queries import openings
from partnerships.proposals import rules
from partnerships.proposals.rules import GoalLine, LineState

PROPOSE, WRITE = "placement_proposal", "placement_acceptance"  # the kinds of the jobs


# --- What a proposal is computed from -----------------------------------------------------------------------------
def students_of(cohort_ids: Collection[int]) -> QuerySet[Student]:
    """Those who have not left these cohorts."""
    rows = Student.objects.standing().filter(cohort_id__in=cohort_ids)
    return rows.select_related("person", "status", "home", "cohort__programme").order_by("pk")


def world_mark(proposal: PlacementProposal) -> str:
    """A mark of what a page can look at for a constant number of queries: when it changes, so has the world.

    Bound: what takes a teacher (the busy registry) is not in it; it is looked at when a line is accepted.
    """
    cohort_ids = list(proposal.cohorts.order_by("pk").values_list("pk", flat=True))
    year_id = Cohort.objects.filter(pk__in=cohort_ids).order_by("pk").values_list("school_year_id", flat=True).first()
    classes = offers.open_to(proposal.institution_id, year_id or 0).order_by("pk")
    own = ProposalLine.objects.filter(proposal=proposal, placement__isnull=False).order_by().values("placement_id")
    span = (proposal.first_on, proposal.last_on)
    within = {"starts_on__lte": proposal.last_on, "ends_on__gte": proposal.first_on}
    students = Student.objects.standing().filter(cohort_id__in=cohort_ids)
    of_person = ("pk", "home_id", "transport", "levels", "practices", "pair_id", "status_id", "status__may_be_alone")
    classes_ids = classes.values("pk")
    days = PlacementDay.objects.standing().filter(day__range=span).exclude(placement__in=own)
    seats = ClassSeat.objects.filter(day__range=span, offer__in=classes_ids).exclude(placement__in=own)
    seen: list[Any] = [
        list(classes.values_list("pk", "updated_at", "seats")),
        list(students.order_by("pk").values_list(*of_person)),
        list(UniversityPeriod.objects.standing().filter(cohort_id__in=cohort_ids, **within).values_list("pk")),
        days.filter(student__cohort_id__in=cohort_ids).aggregate(Count("pk"), Max("pk")),
        seats.aggregate(Count("pk"), Max("pk")),
        list(CalendarChange.objects.filter(**within).order_by("pk").values_list("pk", "starts_on", "ends_on")),
        list(HostingRules.objects.order_by("pk").values_list("pk", "seats_most", "class_year_most")),
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


# --- Lists ------------------------------------------------------------------------------------------------------------
def proposals(person: Person, institution_id: int) -> QuerySet[PlacementProposal]:
    """Those of an institution, the newest first."""
    rows = PlacementProposal.objects.visible_to(person).filter(institution_id=institution_id)
    return rows.select_related("asked_by").prefetch_related("cohorts")


def cohorts_for(person: Person, cohort: Cohort) -> QuerySet[Cohort]:
    """Those that one may ask a proposal for together with this one."""
    rows = Cohort.objects.editable_by(person).filter(institution=cohort.institution, school_year=cohort.school_year)
    return rows.select_related("programme", "school_year")


def is_computing(institution_id: int) -> bool:
    rows = PlacementProposal.objects.filter(institution_id=institution_id, solved_at=None, failure="")
    keys = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    return Job.objects.going().filter(kind=PROPOSE, subject_id__in=keys).exists()


def job_of(proposal: PlacementProposal) -> Job | None:
    """What a worker does with a proposal at this moment, if anything."""
    return Job.objects.going().filter(kind__in=(PROPOSE, WRITE), subject_id=str(proposal.pk)).first()


# --- One proposal -----------------------------------------------------------------------------------------------------
TO_ACCEPT, ACCEPTED, WITHOUT, CHANGED = "a-accepter", "acceptees", "sans", "changent"
SHOWN = (
    (TO_ACCEPT, "À accepter"),
    (ACCEPTED, "Acceptées"),
    (WITHOUT, "Sans classe"),
    (CHANGED, "Changent de classe"),
)


def shown_filter(chosen: str) -> Filter:
    return Filter("voir", "Lignes", SHOWN, chosen if chosen in dict(SHOWN) else "", none="Toutes")


def lines(proposal: PlacementProposal, shown: str) -> QuerySet[ProposalLine]:
    """The lines of a proposal: those without a class first, then by name."""
    narrowed: dict[str, dict[str, Any]] = {
        TO_ACCEPT: {"state": LineState.OPEN, "offer__isnull": False},
        ACCEPTED: {"state": LineState.ACCEPTED},
        WITHOUT: {"offer": None},
        CHANGED: {"before__isnull": False},
    }
    people = ("student__person", "partner__person", "settled_by", "before__person")
    rows = proposal.lines.select_related(*people, "offer__person", "offer__school__district", "placement")
    has_class = ExpressionWrapper(Q(offer__isnull=False), BooleanField())
    by_name = ("student__person__last_name", "student__person__first_name", "pk")
    return rows.filter(**narrowed.get(shown, {})).order_by(has_class, *by_name)


@dataclass(frozen=True)
class Shown:
    """A line as its page shows it. `gone`: why it is not to be had any more; `changes`: what would place them."""

    row: ProposalLine
    fits: Sequence[str]
    gone: str
    changes: Sequence[str]
    is_ruled_out: bool

    @property
    def may_accept(self) -> bool:
        return self.row.is_open and self.row.offer is not None


@dataclass(frozen=True)
class Counts:
    to_accept: int
    accepted: int
    going: int
    without: int
    changed: int


def counts(proposal: PlacementProposal) -> Counts:
    """How many lines stand where. One query."""
    found = proposal.lines.aggregate(
        to_accept=Count("pk", filter=Q(state=LineState.OPEN, offer__isnull=False)),
        accepted=Count("pk", filter=Q(state=LineState.ACCEPTED)),
        going=Count("pk", filter=Q(state__in=sorted(rules.GOING))),
        without=Count("pk", filter=Q(offer=None)),
        changed=Count("pk", filter=Q(before__isnull=False)),
    )
    return Counts(**found)


def goals(proposal: PlacementProposal) -> list[GoalLine]:
    return rules.goal_lines(proposal.measures or {}, (proposal.proof or {}).get("proofs", ()))


def aparts(proposal: PlacementProposal) -> QuerySet[ProposalApart]:
    return proposal.aparts.select_related("student__person", "offer__person", "offer__school")


def shown(proposal: PlacementProposal, rows: Sequence[ProposalLine]) -> list[Shown]:
    """These lines with what a page says of each. A constant number of queries."""
    gone = _gone(rows, proposal.institution_id)
    names = _names(rows)
    out = set(proposal.aparts.order_by().values_list("student_id", "offer_id"))
    return [
        Shown(
            row,
            _fits(row),
            gone.get(row.pk, ""),
            [words for change in row.reason.get("changes", ()) if (words := change_words(change, names))],
            (row.student_id, row.offer_id) in out,
        )
        for row in rows
    ]


def _fits(row: ProposalLine) -> list[str]:
    """What of their wishes the class answers."""
    offer = row.offer
    if offer is None:
        return []
    found = []
    if all(not one.levels or set(one.levels) & set(offer.levels) for one in row.students):
        found.append("niveau souhaité" if any(one.levels for one in row.students) else "tous niveaux")
    wished = {practice for one in row.students for practice in one.practices if practice in offer.practices}
    return [*found, *(words.lower() for practice, words in PRACTICES.items() if practice in wished)]


# --- What was taken meanwhile ---------------------------------------------------------------------------------------
def _gone(rows: Sequence[ProposalLine], institution_id: int) -> dict[int, str]:
    """Why open lines are not to be had any more, by line: seats, students elsewhere, classes closed."""
    waiting = [(row, row.offer, rules.half_days_of(row.days)) for row in rows if row.is_open and row.offer is not None]
    every = {one for _, _, days in waiting for half_days in days.values() for one in half_days}
    if not every:
        return {}
    first, last = openings.among(every)
    offer_ids = {offer.pk for _, offer, _ in waiting}
    opened = HostOffer.institutions.through.objects.filter(hostoffer_id__in=offer_ids, institution_id=institution_id)
    theirs = set(opened.values_list("hostoffer_id", flat=True))
    taken = openings.taken_seats(offer_ids, first, last)
    limits = offers.limits({offer.school.district_id for _, offer, _ in waiting})
    people = {one.person_id for row, _, _ in waiting for one in row.students}
    elsewhere: dict[int, set[HalfDay]] = defaultdict(set)
    there = PlacementDay.objects.standing().filter(person_id__in=people, day__range=(first, last)).order_by()
    for person_id, day, half in there.values_list("person_id", "day", "half"):
        elsewhere[person_id].add(placement_rules.half_day_of(day, half))
    now = timezone.now()
    found = {}
    for row, offer, days in waiting:
        asked = {one for half_days in days.values() for one in half_days}
        seats = min(offer.seats, limits[offer.school.district_id].seats_most)
        if offer.state != OfferState.OPEN or offer.pk not in theirs:
            found[row.pk] = "Cette classe n’est plus ouverte à vos étudiants."
        elif any(openings.has_begun(one, now) for one in asked):
            found[row.pk] = "La première de ces demi-journées est passée."
        elif any(asked & elsewhere[one.person_id] for one in row.students):
            found[row.pk] = "Un stage a été réservé depuis, à l’une de ces demi-journées."
        elif any(
            placement_rules.seats_for(kind, len(row.students), taken.get((offer.pk, one), ()), seats) is None
            for kind, half_days in days.items()
            for one in half_days
        ):
            found[row.pk] = "La place a été prise depuis, à l’une de ces demi-journées."
    return found


def _names(rows: Sequence[ProposalLine]) -> Mapping[tuple[str, int], str]:
    """The names of the classes, schools and students that changes speak of. Three queries at the most."""
    changes = [change for row in rows for change in row.reason.get("changes", ())]
    classes = HostOffer.objects.filter(pk__in={one["offer"] for one in changes if "offer" in one})
    schools = School.objects.filter(pk__in={one["school"] for one in changes if "school" in one})
    people = Student.objects.filter(pk__in={pk for one in changes for pk in one.get("students", ())})
    found = {("offer", one.pk): f"la classe {french.of(one)}" for one in classes.select_related("person", "school")}
    found |= {("school", one.pk): str(one) for one in schools}
    found |= {("student", one.pk): str(one.person) for one in people.select_related("person")}
    return found


def change_words(change: Mapping[str, Any], names: Mapping[tuple[str, int], str]) -> str:
    """Say what would be enough; empty if whom it speaks of is not there any more."""
    where = names.get(("offer", change["offer"])) if "offer" in change else names.get(("school", change["school"]))
    who = [name for pk in change.get("students", ()) if (name := names.get(("student", pk)))]
    if where is None:
        return ""
    match change["do"]:
        case "room":
            at_once, year = _students(change["seats"]), change["most"]
            return f"Il suffirait que {where} accueille {at_once} à la fois, et {year} dans l’année."
        case "school":
            return f"Il suffirait que {where} accueille {_students(change['most'])} dans la période."
        case "days":
            half_days = [HalfDay.from_code(code) for code in change["half_days"]]
            more = {1: "", 2: " et une autre demi-journée"}
            others = more.get(len(half_days), f" et {len(half_days) - 1}\u00a0autres demi-journées")
            what = KIND_LABELS[DayKind(change["kind"])]
            return f"Il suffirait que {where} s’ouvre ({what}) {openings.in_words(half_days[0])}{others}."
        case "farther":
            accepting = " et ".join(who) or "ces étudiants"
            return f"Il suffirait d’accepter {change['minutes']}\u00a0minutes de trajet ({accepting}), jusqu’à {where}."
        case _:
            return f"Il suffirait de ne plus garder {' et '.join(who) or 'cette ligne'} dans {where}."


def _students(count: int) -> str:
    return f"{count}\u00a0étudiant{french.ending(count)}"
