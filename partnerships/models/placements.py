"""Placements: who goes to which class, on which half-days, for what; and the seats that nobody may take twice.

The last word against double bookings is the database's: a person once a half-day, each seat of a class once, each place
of a class in a year and of a school in a period once. Whoever holds a class takes all of its seats.
Source: docs/decisions/0036-placement-seats.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo import french
from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import Derogation, Person, Posting, School, SchoolYear
from circo.rules import HALF_WORDS, Role, worded
from networks.models.sites import schools_headed_by
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.models.cohorts import Cohort
from partnerships.models.offers import HostOffer
from partnerships.models.students import Student
from partnerships.placements import rules
from partnerships.placements.rules import MissedBy, PlacementState
from partnerships.students.rules import PAIR_SIZE

if TYPE_CHECKING:
    from circo.access import Anyone

HALVES = list(HALF_WORDS.items())


def _kept_by(person: Anyone) -> Q:
    return Q(cohort__institution_id__in=person.reach().institution_ids_for(Permission.MANAGE_STUDENTS))


def _works_today(person: Anyone) -> models.QuerySet[Posting]:
    held = Posting.objects.in_force(timezone.localdate()).exclude(role=Role.STUDENT).order_by()
    return held.none() if person.pk is None else held.filter(person_id=person.pk)


def followed_by(person: Anyone) -> Q:
    """Those that one follows as a tutor, as long as one works for the institution."""
    return Q(tutor_id=person.pk, cohort__institution_id__in=_works_today(person).values("institution_id"))


def _answered_by(person: Anyone) -> Q:
    """Those for which one answers on the spot, called off or not, as long as one works in the school."""
    schools = _works_today(person).values("school_id")
    rows = PlacementDay.objects.filter(adult_id=person.pk, offer__school_id__in=schools)
    return Q(pk__in=rows.order_by().values("placement_id"))


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, person: Anyone) -> Self:
        """Of the students that one coordinates; one's own once published; once confirmed, those that come to one's
        class, school or district, those that one answers for there, and those that one follows as a tutor."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        overseen = person.reach().district_ids_for(Permission.VIEW_TEAM)
        here = Q(offer__person_id=person.pk) | Q(offer__school_id__in=schools_headed_by(person)) | followed_by(person)
        here |= _answered_by(person)
        told = (here | Q(offer__school__district_id__in=overseen)) & Q(confirmed_at__isnull=False)
        return self.filter(_kept_by(person) | told | self._gone_by(person))

    def editable_by(self, person: Anyone) -> Self:
        """Of the students that one coordinates."""
        return self.filter(_kept_by(person)) if person.is_authenticated and person.is_active else self.none()

    def publishable_by(self, person: Anyone) -> Self:
        """Those that one may publish: of one's students, or that come to one's district."""
        reach = person.reach()
        mine = Q(cohort__institution_id__in=reach.institution_ids_for(Permission.PUBLISH_PLACEMENTS))
        return self.filter(
            mine | Q(offer__school__district_id__in=reach.district_ids_for(Permission.PUBLISH_PLACEMENTS))
        )

    def gone_by(self, person: Anyone) -> Self:
        """One's own, as a student, that one was told of."""
        return self.filter(self._gone_by(person))

    def _gone_by(self, person: Anyone) -> Q:
        if person.pk is None:
            return Q(pk__in=[])
        mine = PlacementStudent.objects.filter(student__person_id=person.pk).order_by().values("placement_id")
        return Q(pk__in=mine, published_at__isnull=False)

    def coming_to(self, person: Anyone) -> Self:
        """Those that come to one's own class, once one was told."""
        return self.filter(offer__person_id=person.pk, confirmed_at__isnull=False)

    def standing(self) -> Self:
        return self.exclude(state=PlacementState.CANCELLED)


class Placement(models.Model):
    """A student or a pair in one class, and where that stands."""

    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="placements", verbose_name="classe")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="placements", verbose_name="promotion")
    state = models.CharField(
        "état",
        max_length=9,
        choices=worded(rules.STATE_LABELS),
        default=PlacementState.HELD.value,
        editable=False,
    )
    cancelled_from = models.CharField(max_length=9, blank=True, editable=False)  # where « rétablir » leads back to
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True, editable=False)
    reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)
    tutor = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="tuteur ou tutrice"
    )
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    created_at = models.DateTimeField("réservé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    sequence = models.PositiveSmallIntegerField("version", default=0, editable=False)  # of its events in calendars

    objects = PlacementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["sequence"])

    class Meta:
        verbose_name = "stage"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(PlacementState)), name="placement_state"),
            models.CheckConstraint(
                condition=Q(state=PlacementState.CANCELLED, cancelled_from__in=sorted(rules.OPEN))
                | (~Q(state=PlacementState.CANCELLED) & Q(cancelled_from="")),
                name="placement_cancelled_from",
            ),
        ]
        indexes = [models.Index(fields=["cohort", "state"], name="placement_of_cohort")]

    def __str__(self) -> str:
        return f"Stage {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether its days may still change."""
        return self.state in rules.OPEN

    @property
    def state_words(self) -> str:
        return rules.STATE_LABELS[PlacementState(self.state)]

    @property
    def names(self) -> str:
        """Who goes; read from the students that a list has fetched."""
        return " et ".join(str(one.student.person) for one in self.students.all())

    @property
    def title(self) -> str:
        return f"Stage {french.of(self.names)}"


class OfPlacementQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows of a placement: seen and written as it is."""

    def visible_to(self, person: Anyone) -> Self:
        return self.filter(placement__in=Placement.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(placement__in=Placement.objects.editable_by(person).order_by().values("pk"))


class PlacementStudent(models.Model):
    """One of the students of a placement: papers, reviews and the log hang on it."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="students", verbose_name="stage")
    student = models.ForeignKey(Student, models.CASCADE, related_name="placed", verbose_name="étudiant·e")
    rank = models.PositiveSmallIntegerField(default=1, editable=False)  # 1 or 2: nobody goes as three
    agreement_signed_on = models.DateField("convention revenue signée le", null=True, blank=True)
    agreement_days = models.TextField(editable=False, blank=True, default="")  # what it said: `pages.agreed`

    objects = OfPlacementQuerySet["PlacementStudent"].as_manager()

    class Meta:
        verbose_name = "étudiant ou étudiante d’un stage"
        verbose_name_plural = "étudiants d’un stage"
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "student"], name="placement_student_once"),
            models.UniqueConstraint(fields=["placement", "rank"], name="placement_of_two"),
            models.CheckConstraint(condition=Q(rank__in=(1, PAIR_SIZE)), name="placement_student_rank"),
        ]

    def __str__(self) -> str:
        return str(self.student)


class OfHalfDay(models.Model):
    """A row of one half-day."""

    day = models.DateField("jour")
    half = models.CharField("demi-journée", max_length=2, choices=HALVES)

    class Meta:
        abstract = True

    @property
    def half_day(self) -> HalfDay:
        return rules.half_day_of(self.day, self.half)

    @property
    def when(self) -> str:
        """The half-day as one says it: `jeudi 26 novembre, matin`."""
        return planned_in_words(self.half_day, timezone.localdate())


class PlacementDayQuerySet(OfPlacementQuerySet["PlacementDay"]):
    def standing(self) -> Self:
        """Those that are planned, or took place: neither given up nor missed."""
        return self.filter(freed_at=None)

    def on(self, half_day: HalfDay) -> Self:
        return self.filter(day=half_day.day, half=half_day.half)


class PlacementDay(OfHalfDay):
    """One student, one half-day, in one class, for what. `person` is the student’s: nobody is in two classes at once,
    whatever cohorts they are in. Given up or missed, it stays with `freed_at`."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="days", verbose_name="stage")
    student = models.ForeignKey(Student, models.CASCADE, related_name="placement_days", verbose_name="étudiant·e")
    person = models.ForeignKey(Person, models.CASCADE, related_name="placement_days", verbose_name="personne")
    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="placement_days", verbose_name="classe")
    kind = models.CharField("pour", max_length=14, choices=worded(KIND_LABELS))
    adult = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="adulte référent sur place"
    )
    derogation = models.ForeignKey(
        Derogation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dérogation"
    )
    basis = models.CharField("fondement", max_length=rules.BASIS_MAX, blank=True)  # as it stood when published
    freed_at = models.DateTimeField("libérée le", null=True, blank=True)
    missed_by = models.CharField(
        "n’a pas eu lieu", max_length=7, choices=worded(rules.MISSED_LABELS), blank=True, default=""
    )
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replacements", verbose_name="remplace"
    )

    objects = PlacementDayQuerySet.as_manager()

    class Meta:
        verbose_name = "demi-journée de stage"
        verbose_name_plural = "demi-journées de stage"
        ordering = ["day", "half", "student_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "half"], condition=Q(freed_at=None), name="placement_person_once"
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(freed_at=None), name="placement_day_replaced_once"
            ),
            models.CheckConstraint(condition=Q(half__in=("AM", "PM")), name="placement_day_half"),
            models.CheckConstraint(condition=Q(kind__in=sorted(DayKind)), name="placement_day_kind"),
            models.CheckConstraint(
                condition=Q(missed_by="") | Q(missed_by__in=sorted(MissedBy), freed_at__isnull=False),
                name="placement_day_missed_is_freed",
            ),
        ]
        indexes = [models.Index(fields=["offer", "day", "half"], name="placement_day_of_class")]

    def __str__(self) -> str:
        return f"{self.when}, {KIND_LABELS[DayKind(self.kind)]}"


# --- Seats: what the database gives once -----------------------------------------------------------------------------
class ClassSeat(OfHalfDay):
    """A seat of a class on one half-day, taken by a placement; all of them by whoever holds the class."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="seats", verbose_name="stage")
    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="seats_taken", verbose_name="classe")
    number = models.PositiveSmallIntegerField("place")

    class Meta:
        verbose_name = "place dans une classe"
        verbose_name_plural = "places dans une classe"
        ordering = ["day", "half", "number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "day", "half", "number"], name="class_seat_once"),
            models.CheckConstraint(condition=Q(number__range=(1, rules.ALL_SEATS)), name="class_seat_number"),
        ]

    def __str__(self) -> str:
        return f"place {self.number}, {self.day:%d/%m/%Y} {self.half}"


class ClassPlace(models.Model):
    """One of the students that a class takes in a year."""

    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="places_taken", verbose_name="classe")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    number = models.PositiveSmallIntegerField("place")

    class Meta:
        verbose_name = "place d’une classe dans l’année"
        verbose_name_plural = "places d’une classe dans l’année"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="class_place_once"),
            models.UniqueConstraint(fields=["offer", "person"], name="class_place_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"place {self.number}"


class SchoolPlace(models.Model):
    """One of the students that a school takes in a period of the year, from holidays to holidays."""

    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="école")
    school_year = models.ForeignKey(SchoolYear, models.CASCADE, related_name="+", verbose_name="année scolaire")
    period = models.PositiveSmallIntegerField("période")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    number = models.PositiveSmallIntegerField("place")

    class Meta:
        verbose_name = "place d’une école dans une période"
        verbose_name_plural = "places d’une école dans une période"
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year", "period", "number"], name="school_place_once"),
            models.UniqueConstraint(
                fields=["school", "school_year", "period", "person"], name="school_place_of_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.number}, période {self.period}"
