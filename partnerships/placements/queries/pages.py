"""What the page of a placement shows, to each of those whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.models import Person
from circo.moves import moves_from
from networks.models.sites import schools_headed_by
from partnerships.cohorts import queries as cohorts
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.models import (
    LogEntry,
    Placement,
    PlacementDay,
    PlacementReview,
    PlacementStudent,
    Student,
    TutorVisit,
)
from partnerships.placements import rules
from partnerships.placements.queries import agenda, openings
from partnerships.placements.rules import MISSED_LABELS, MOVES, Actor, MissedBy, Verb

RUNS = frozenset({Actor.COORDINATOR, Actor.HOST, Actor.HEAD})  # who run it from day to day


def actors(placement: Placement, person: Person) -> frozenset[Actor]:
    """Who a person is for a placement."""
    reach, offer = person.reach(), placement.offer
    district, institution = offer.school.district_id, placement.cohort.institution_id
    publishes = Permission.PUBLISH_PLACEMENTS
    found = {
        Actor.COORDINATOR: institution in reach.institution_ids_for(Permission.MANAGE_STUDENTS),
        Actor.PUBLISHER: district in reach.district_ids_for(publishes)
        or institution in reach.institution_ids_for(publishes),
        Actor.STUDENT: any(one.student.person_id == person.pk for one in placement.students.all()),
        Actor.HOST: offer.person_id == person.pk,
        Actor.HEAD: offer.school_id in set(schools_headed_by(person)),
        Actor.TUTOR: placement.tutor_id == person.pk,
    }
    return frozenset(actor for actor, is_so in found.items() if is_so)


def is_own(who: frozenset[Actor]) -> bool:
    """Whether somebody is a student of a placement, and does not run it."""
    return Actor.STUDENT in who and not who & RUNS


def receives(placement: Placement, person: Person) -> bool:
    """Whether the class or the school of a placement is this person’s."""
    return placement.offer.person_id == person.pk or placement.offer.school_id in set(schools_headed_by(person))


def runs(placement: Placement, person: Person) -> bool:
    """Whether a person runs a placement from day to day: the class, the school, the institution (`RUNS`)."""
    return receives(placement, person) or Placement.objects.editable_by(person).filter(pk=placement.pk).exists()


def verbs_of(placement: Placement, person: Person) -> list[Verb]:
    """What a person may do with a placement, in the order of the table."""
    who = actors(placement, person)
    return [verb for verb in moves_from(MOVES, placement.state) if rules.VERB_OF[verb] in who]


@dataclass(frozen=True)
class Line:
    """One half-day of a placement, with all students that were to come."""

    half_day: HalfDay
    kind: DayKind
    rows: Sequence[PlacementDay]
    has_begun: bool
    has_adult: bool  # still in the school on that day

    @property
    def when(self) -> str:
        return self.rows[0].when

    @property
    def code(self) -> str:
        return self.half_day.code

    @property
    def kind_words(self) -> str:
        return KIND_LABELS[self.kind]

    @property
    def is_held(self) -> bool:
        """Whether students hold the class then."""
        return self.kind is DayKind.RESPONSIBILITY

    @property
    def standing(self) -> list[PlacementDay]:
        return [row for row in self.rows if row.freed_at is None]

    @property
    def adult(self) -> Person | None:
        """Who answers on the spot: nobody, where who was named has left the school since."""
        return self.rows[0].adult if self.has_begun or self.has_adult else None

    @property
    def bases(self) -> str:
        return ", ".join(sorted({row.basis for row in self.standing if row.basis}))

    @property
    def missed(self) -> list[str]:
        """Why it did not take place, and for whom if not for all."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.rows:
            if row.missed_by:
                found[row.missed_by].append(str(row.person))
        return [
            MISSED_LABELS[MissedBy(why)] + (f" ({', '.join(names)})" if len(names) < len(self.rows) else "")
            for why, names in found.items()
        ]

    @property
    def is_missed(self) -> bool:
        """Whether somebody missed it, and nothing is in its place yet."""
        return any(_is_missed(row) for row in self.rows)

    @property
    def is_replaced(self) -> bool:
        return any(row.missed_by for row in self.rows) and not self.is_missed


def _is_missed(row: PlacementDay) -> bool:
    """`is_replaced` as `lines_of` reads it."""
    return bool(row.missed_by) and not getattr(row, "is_replaced", False)


@dataclass(frozen=True)
class OfStudent:
    """One of the students, with the reviews and the pages of the log that one may read."""

    row: PlacementStudent
    reviews: Sequence[PlacementReview]
    log: Sequence[LogEntry]
    agreed: str  # what an agreement would say now

    @property
    def has_changed(self) -> bool:
        """Whether the agreement that came back signed says other half-days."""
        return self.row.agreement_signed_on is not None and self.row.agreement_days != self.agreed


@dataclass(frozen=True)
class PlacementPage:
    placement: Placement
    person: Person
    who: frozenset[Actor]
    lines: Sequence[Line]
    verbs: Sequence[Verb]
    visits: Sequence[TutorVisit]
    students: Sequence[OfStudent]
    has_terms: bool  # what the agreements of the course say is written

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each verb but the one that asks for a reason, with the word of its button; what lacks an adult is not to be
        published yet, and the page says so."""
        later = {Verb.CANCEL, Verb.PUBLISH} if self.without_adult else {Verb.CANCEL}
        return [(verb.value, rules.VERB_LABELS[verb]) for verb in self.verbs if verb not in later]

    @property
    def may_cancel(self) -> bool:
        return Verb.CANCEL in self.verbs

    @property
    def gives_papers(self) -> bool:
        """Whether class and school know: from then on there is something to sign."""
        return self.placement.state in rules.TOLD

    @property
    def is_coordinator(self) -> bool:
        return Actor.COORDINATOR in self.who

    @property
    def is_own(self) -> bool:
        """Whether one is a student of it, and does not run it."""
        return is_own(self.who)

    @property
    def own_student(self) -> Student | None:
        return next((one.row.student for one in self.students if one.row.student.person_id == self.person.pk), None)

    @property
    def agreements(self) -> list[OfStudent]:
        """Whose agreement one reads: a student one’s own."""
        return [one for one in self.students if not self.is_own or one.row.student.person_id == self.person.pk]

    @property
    def own(self) -> PlacementStudent | None:
        """Where one's own log hangs."""
        return next((one.row for one in self.students if one.row.student.person_id == self.person.pk), None)

    @property
    def reviews_asked(self) -> list[PlacementStudent]:
        """Of whom one is to write a review."""
        is_asked = self.placement.state in rules.KNOWN and self.who & {Actor.HOST, Actor.TUTOR}
        given = {one.row.pk for one in self.students for review in one.reviews if self._gave(review)}
        return [one.row for one in self.students if is_asked and one.row.pk not in given]

    def _gave(self, review: PlacementReview) -> bool:
        return review.author_id == self.person.pk and review.given_at is not None

    @property
    def says_missed(self) -> bool:
        return self.placement.is_open and bool(self.who & (RUNS | {Actor.STUDENT}))

    @property
    def misses(self) -> frozenset[str]:
        """The codes of the half-days on which one may say that somebody is absent: a student, oneself."""
        return frozenset(
            line.code
            for line in self.lines
            for row in line.standing
            if self.says_missed and (not self.is_own or row.person_id == self.person.pk)
        )

    @property
    def missed_words(self) -> str:
        return "Votre absence est notée." if self.is_own else "L’absence est notée."

    @property
    def takes_back(self) -> frozenset[str]:
        """The codes of the half-days whose absence one may take back: a student the own one, before it begins."""
        return frozenset(
            line.code
            for line in self.lines
            for row in line.rows
            if self.says_missed and _is_missed(row) and (not self.is_own or self._may_come(line, row))
        )

    def _may_come(self, line: Line, row: PlacementDay) -> bool:
        return row.person_id == self.person.pk and row.missed_by == MissedBy.STUDENT and not line.has_begun

    @property
    def names_adults(self) -> bool:
        return self.placement.is_open and bool(self.who & RUNS)

    @property
    def held(self) -> list[Line]:
        """The half-days to come on which students hold the class."""
        return [one for one in self.coming if one.is_held and one.standing]

    @property
    def without_adult(self) -> list[Line]:
        return [one for one in self.held if not one.adult]

    @property
    def coming(self) -> list[Line]:
        return [one for one in self.lines if not one.has_begun]

    @property
    def past(self) -> list[Line]:
        return [one for one in self.lines if one.has_begun]


def placement_page(placement: Placement, person: Person) -> PlacementPage:
    """All that the page shows of a placement that this person sees."""
    visits = placement.visits.filter(cancelled_at=None).select_related("tutor")
    lines = lines_of(placement)
    return PlacementPage(
        placement,
        person,
        actors(placement, person),
        lines,
        verbs_of(placement, person),
        list(visits),
        _students(placement, person, [row for line in lines for row in line.rows]),
        cohorts.has_terms(placement.cohort),
    )


def own_rank(placement: Placement, person: Person) -> int | None:
    """Which of the students a person is, who does not run it; None for all others."""
    if not is_own(actors(placement, person)):
        return None
    return next((one.rank for one in placement.students.all() if one.student.person_id == person.pk), None)


def agreed(rows: Iterable[PlacementDay], student_id: int) -> str:
    """What an agreement says of a student’s half-days: those that stand, or were missed; when, for what, in which
    class."""
    of_student = (row for row in rows if row.student_id == student_id and (row.freed_at is None or row.missed_by))
    return " ".join(sorted(f"{row.half_day.code}:{row.kind}:{row.offer_id}" for row in of_student))


def _students(placement: Placement, person: Person, rows: Sequence[PlacementDay]) -> list[OfStudent]:
    reviews, log = defaultdict(list), defaultdict(list)
    for review in PlacementReview.objects.visible_to(person).filter(of__placement=placement).select_related("author"):
        if review.given_at is not None or review.author_id == person.pk:
            reviews[review.of_id].append(review)
    shared = LogEntry.objects.visible_to(person).standing().filter(of__placement=placement)
    for entry in shared.exclude(of__student__person=person):
        log[entry.of_id].append(entry)
    return [
        OfStudent(one, reviews[one.pk], log[one.pk], agreed(rows, one.student_id)) for one in placement.students.all()
    ]


def lines_of(placement: Placement) -> list[Line]:
    """The half-days that stand or were missed; those that were given up are not shown."""
    rows = placement.days.select_related("adult", "person", "student__cohort", "student__person")
    answered = set(rows.filter(agenda.answers()).order_by().values_list("pk", flat=True))
    rows = rows.annotate(is_replaced=Exists(PlacementDay.objects.standing().filter(replaces=OuterRef("pk"))))
    shown = [row for row in rows.order_by("day", "half", "pk") if row.freed_at is None or row.missed_by]
    return [
        Line(half_day, DayKind(of_it[0].kind), of_it, openings.has_begun(half_day), of_it[0].pk in answered)
        for half_day, of_it in by_half_day(shown).items()
    ]


def by_half_day(rows: Sequence[PlacementDay]) -> dict[HalfDay, list[PlacementDay]]:
    """Those who come together, half-day by half-day."""
    found: dict[HalfDay, list[PlacementDay]] = defaultdict(list)
    for row in rows:
        found[row.half_day].append(row)
    return found
