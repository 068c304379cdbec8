"""Visits to an observation site, and the report that belongs to the pair."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import District, Person
from circo.rules import Role
from networks.models.groups import MutualisationGroup
from networks.models.sites import ObservationSite, schools_headed_by
from networks.visits import rules

if TYPE_CHECKING:
    from circo.access import Anyone


def received_by(person: Anyone) -> Q:
    """The visits that came to one's class as a request: who only waited for a seat is nobody's news."""
    return Q(site__host_id=person.pk) & (Q(confirmed_at__isnull=False) | Q(state__in=sorted(rules.TOLD_TO_HOST)))


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, made or received: a visit is read by its two people alone."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        return self.filter(Q(visitor_id=person.pk) | received_by(person))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def coming_to_school_of(self, person: Anyone) -> Self:
        """Those that come to the schools of which one is the head teacher: who and when, never what for."""
        return self.filter(
            site__school_id__in=schools_headed_by(person),
            state=rules.VisitState.CONFIRMED,
            day__gte=timezone.localdate(),
        )

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the districts whose team one belongs to: who, where and when."""
        return self.filter(site__school__district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def seated(self) -> Self:
        return self.filter(state__in=rules.SEATED)


class Visit(models.Model):
    """One visitor, one half-day, one seat; on the waiting list, no seat."""

    class State(models.TextChoices):
        WAITING = rules.VisitState.WAITING, "sur la liste d’attente"
        OFFERED = rules.VisitState.OFFERED, "place proposée"
        ASKED = rules.VisitState.ASKED, "demandée"
        CONFIRMED = rules.VisitState.CONFIRMED, "confirmée"
        HELD = rules.VisitState.HELD, "faite"
        REPORTED = rules.VisitState.REPORTED, "racontée"
        DECLINED = rules.VisitState.DECLINED, "déclinée"
        CANCELLED = rules.VisitState.CANCELLED, "annulée"
        LAPSED = rules.VisitState.LAPSED, "restée sans réponse"

    class Half(models.TextChoices):
        AM = "AM", "matin"
        PM = "PM", "après-midi"

    site = models.ForeignKey(ObservationSite, models.CASCADE, related_name="visits", verbose_name="lieu")
    visitor = models.ForeignKey(Person, models.CASCADE, related_name="visits_made", verbose_name="visiteur")
    day = models.DateField("jour")
    half = models.CharField("demi-journée", max_length=2, choices=Half)
    seat = models.PositiveSmallIntegerField("place", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=State)
    focus = models.TextField("ce que je viens regarder", max_length=rules.TEXT_MAX, blank=True)
    focus_agreed_at = models.DateTimeField("regard convenu le", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    word = models.CharField("mot", max_length=rules.WORD_MAX, blank=True)  # of whoever declined or cancelled
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    offered_until = models.DateTimeField("proposée jusqu’au", null=True, blank=True)
    thanks = models.TextField("mot de remerciement", max_length=rules.WORD_MAX, blank=True)
    sequence = models.PositiveSmallIntegerField("version", default=0)  # of the event in calendars
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "visite"
        ordering = ["day", "half", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "half", "seat"], name="visit_seat_once"),
            models.UniqueConstraint(
                fields=["visitor", "day", "half"],
                condition=Q(state__in=sorted(rules.SEATED)),
                name="visit_of_a_person_once",
            ),
            models.UniqueConstraint(
                fields=["visitor", "site", "day", "half"],
                condition=Q(state__in=sorted(rules.LIVE)),
                name="visit_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=False, state__in=sorted(rules.SEATED))
                | Q(seat__isnull=True, state__in=sorted(set(rules.VisitState) - rules.SEATED)),
                name="visit_seated_or_not",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(seat__range=(1, rules.SEATS_MAX)), name="visit_seat_number"
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(rules.VisitState)), name="visit_state"),
        ]
        indexes = [models.Index(fields=["day", "state"], name="visit_day")]

    def __str__(self) -> str:
        return f"Visite du {self.day:%d/%m/%Y}"

    @property
    def half_day(self) -> HalfDay:
        return HalfDay(self.day, "AM" if self.half == self.Half.AM else "PM")

    @property
    def when(self) -> str:
        """The half-day as one says it: `jeudi 26 novembre, matin`."""
        return planned_in_words(self.half_day, timezone.localdate())

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, rules.HOURS[self.half][0]))

    @property
    def ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, rules.HOURS[self.half][1]))


def _circles_of(person: Anyone) -> Q:
    """Reports opened to a circle that holds this person; a technical administrator, or who inspects, is in none."""
    if Role.INSPECTOR in person.reach().roles:
        return Q(pk__in=[])
    groups = MutualisationGroup.objects.in_circle_of(person).order_by()
    districts = person.reach().district_ids_held_for(Permission.VISIT_CLASSES)
    return Q(group__in=groups.values("pk")) | Q(district_id__in=districts)


class VisitReportQuerySet(models.QuerySet["VisitReport"]):
    def visible_to(self, person: Anyone) -> Self:
        """The pair alone: the visitor who writes it, the host once it is given; and the circle that the host opened.

        What was opened closes when the host's account does: nobody else could close it.
        """
        if not person.is_authenticated or not person.is_active:
            return self.none()
        mine = Q(visit__visitor_id=person.pk)
        received = Q(visit__site__host_id=person.pk, given_at__isnull=False)
        opened = _circles_of(person) & Q(given_at__isnull=False, visit__site__host__is_active=True)
        return self.filter(mine | received | opened)

    def editable_by(self, person: Anyone) -> Self:
        """The visitor writes it."""
        return self.visible_to(person).filter(visit__visitor_id=person.pk)

    def received_by(self, person: Anyone) -> Self:
        """Those of one's own class, which one opens to others, or not."""
        return self.visible_to(person).filter(visit__site__host_id=person.pk)


class VisitReport(models.Model):
    """What a pair saw together. No grade, no judgement; a draft of the visitor until it is given to the host."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="report", verbose_name="visite")
    context = models.TextField("contexte", max_length=rules.TEXT_MAX, blank=True)
    facts = models.JSONField("faits", default=list, blank=True)  # [{"at", "pupils", "teacher"}]
    keeps = models.TextField("ce que je retiens", max_length=rules.TEXT_MAX, blank=True)
    questions = models.TextField("mes questions", max_length=rules.TEXT_MAX, blank=True)
    next_step = models.TextField("la suite", max_length=rules.TEXT_MAX, blank=True)
    answer = models.TextField("ce que l’hôte ajoute", max_length=rules.TEXT_MAX, blank=True)
    given_at = models.DateTimeField("donné à lire le", null=True, blank=True)
    group = models.ForeignKey(MutualisationGroup, models.SET_NULL, null=True, blank=True, verbose_name="groupe")
    district = models.ForeignKey(District, models.SET_NULL, null=True, blank=True, verbose_name="circonscription")
    version = models.PositiveIntegerField("version", default=0)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = VisitReportQuerySet.as_manager()

    class Meta:
        verbose_name = "compte rendu de visite"
        verbose_name_plural = "comptes rendus de visite"
        ordering = ["-visit__day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(group=None) | Q(district=None), name="report_opened_to_one_circle"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=False) | Q(group=None, district=None), name="report_given_before_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"Compte rendu {self.pk}"

    @property
    def is_opened(self) -> bool:
        return bool(self.group_id or self.district_id)
