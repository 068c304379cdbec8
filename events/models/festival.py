"""The festival of a district, what is proposed for it, and at which hours.

Source: docs/decisions/0029-festival.md
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person, SchoolYear
from circo.rules import worded
from events.festival import rules
from events.festival.rules import AnimationKind, AnimationState, Audience, BookingState, FestivalState, Moment, Span
from events.models.state_moves import StateMove

if TYPE_CHECKING:
    from circo.access import Anyone


class FestivalQuerySet(models.QuerySet["Festival"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that one prepares, and those of the districts where one works once their call was opened."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        reach = person.reach()
        prepared = Q(district_id__in=reach.district_ids_for(Permission.PREPARE_FESTIVAL))
        return self.filter(prepared | Q(district_id__in=reach.district_ids) & ~Q(state=FestivalState.DRAFT))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.PREPARE_FESTIVAL))

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the team's districts."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def shown(self) -> Self:
        """Those that everybody may open, without an account."""
        return self.filter(state__in=rules.SHOWN)


class Festival(models.Model):
    """The Fête de l’apprendre of one district and one year."""

    district = models.ForeignKey(District, models.PROTECT, related_name="festivals", verbose_name="circonscription")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="année scolaire")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    opens = models.TimeField("de", default=rules.OPENS)
    closes = models.TimeField("à", default=rules.CLOSES)
    where = models.CharField("lieu, avec son adresse", max_length=rules.WHERE_MAX)
    access = models.CharField("accessibilité et accès", max_length=rules.SHORT_MAX, blank=True)
    words = models.TextField("présentation", max_length=rules.TEXT_MAX, blank=True)
    proposals_until = models.DateField("propositions jusqu’au", null=True, blank=True)
    state = models.CharField(
        "état", max_length=9, choices=worded(rules.STATE_LABELS), default=FestivalState.DRAFT.value
    )
    visitors = models.PositiveIntegerField("visiteurs", null=True, blank=True)  # as the team counted them
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="créée par")
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FestivalQuerySet.as_manager()

    class Meta:
        verbose_name = "fête de l’apprendre"
        verbose_name_plural = "fêtes de l’apprendre"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["district", "school_year"], name="festival_once_a_year"),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day"), opens__lt=F("closes")), name="festival_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.district}"

    @property
    def span(self) -> Span:
        return Span(self.first_day, self.last_day, self.opens, self.closes)

    @property
    def when(self) -> str:
        return rules.in_words(self.span)

    @property
    def is_shown(self) -> bool:
        return self.state in rules.SHOWN

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


class FestivalMove(StateMove):
    """One move of a festival: to which state, who made it, and when. Nobody edits it."""

    festival = models.ForeignKey(Festival, models.CASCADE, related_name="moves", verbose_name="fête")
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS))


def check_audiences(chosen: list[str]) -> None:
    """Refuse an audience that is none of ours.

    Raises: ValidationError.
    """
    if unknown := set(chosen) - set(Audience):
        raise ValidationError(f"Public inconnu\u00a0: {', '.join(sorted(unknown))}.", code="audiences")


class AnimationQuerySet(models.QuerySet["Animation"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, those of the festivals that one prepares, and those retained where one works."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        festivals = Festival.objects.visible_to(person).order_by().values("pk")
        prepared = Festival.objects.editable_by(person).order_by().values("pk")
        retained = Q(festival_id__in=festivals, state=AnimationState.ACCEPTED)
        return self.filter(Q(proposer_id=person.pk) | Q(festival_id__in=prepared) | retained)

    def editable_by(self, person: Anyone) -> Self:
        """One's own, and those of the festivals that one prepares."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        prepared = Festival.objects.editable_by(person).order_by().values("pk")
        return self.filter(Q(proposer_id=person.pk) | Q(festival_id__in=prepared))

    def accepted(self) -> Self:
        return self.filter(state=AnimationState.ACCEPTED)


class Animation(models.Model):
    """A stand or a workshop: what teachers propose, and the team retains or keeps aside."""

    festival = models.ForeignKey(Festival, models.CASCADE, related_name="animations", verbose_name="fête")
    proposer = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="animations", verbose_name="proposée par"
    )
    kind = models.CharField("forme", max_length=8, choices=worded(rules.KIND_LABELS), default=AnimationKind.STAND.value)
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    hosts = models.CharField("qui l’anime", max_length=rules.WHO_MAX)  # shown to everybody
    words = models.TextField("ce que l’on y fait", max_length=rules.TEXT_MAX, blank=True)
    audiences = models.JSONField("pour qui", default=list, blank=True, validators=[check_audiences])
    place = models.CharField("endroit", max_length=rules.WHERE_MAX, blank=True)
    spot = models.PositiveSmallIntegerField("numéro sur le plan", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        "places à chaque séance",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "Au moins une place."),
            MaxValueValidator(rules.CAPACITY_MOST, f"Au plus {rules.CAPACITY_MOST}."),
        ],
        help_text="Vide\u00a0: entrée libre.",
    )
    materials = models.TextField("matériel", max_length=rules.SHORT_MAX, blank=True)
    volunteers = models.PositiveSmallIntegerField("bénévoles à chaque séance", default=0)
    state = models.CharField(
        "état", max_length=9, choices=worded(rules.ANIMATION_LABELS), default=AnimationState.PROPOSED.value
    )
    aside_word = models.CharField("pourquoi de côté", max_length=rules.SHORT_MAX, blank=True)
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    proposed_at = models.DateTimeField("proposée le", default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AnimationQuerySet.as_manager()

    class Meta:
        verbose_name = "stand ou atelier"
        verbose_name_plural = "stands et ateliers"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["festival", "spot"], name="animation_spot_once"),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__range=(1, rules.CAPACITY_MOST)), name="animation_capacity"
            ),
            models.CheckConstraint(
                condition=Q(spot=None) | Q(spot__range=(1, rules.SPOT_MOST)), name="animation_spot_numbered"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def for_whom(self) -> str:
        return rules.audiences_in_words(self.audiences)

    @property
    def is_retained(self) -> bool:
        return self.state == AnimationState.ACCEPTED

    @property
    def is_free_entry(self) -> bool:
        return self.capacity is None


class AnimationSessionQuerySet(models.QuerySet["AnimationSession"]):
    def retained(self) -> Self:
        """Those of the programme."""
        return self.filter(animation__state=AnimationState.ACCEPTED)

    def bookable(self) -> Self:
        """Those of the programme whose seats are counted."""
        return self.retained().filter(seats__isnull=False)

    def with_left(self) -> Self:
        """With the seats that nobody has confirmed: what the public reads.

        The seats really free fall by one when an address asks that had not, and not when it had: whoever asks with
        the address of somebody else would read there whether that person comes.
        """
        confirmed = Q(bookings__state=BookingState.CONFIRMED)
        counted = Coalesce(models.Sum("bookings__seats", filter=confirmed), 0)
        return self.annotate(left=Greatest(Coalesce(F("seats"), 0) - counted, 0))


class AnimationSession(models.Model):
    """One time at which an animation takes place."""

    animation = models.ForeignKey(Animation, models.CASCADE, related_name="sessions", verbose_name="animation")
    on = models.DateField("jour")
    starts = models.TimeField("de")
    ends = models.TimeField("à")
    seats = models.PositiveSmallIntegerField("places", null=True, blank=True)  # as its animation says; none: free entry
    taken = models.PositiveSmallIntegerField("places prises", default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of iCalendar
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)  # when who comes was last told where and when it is
    is_untold = models.BooleanField(default=False, editable=False)  # it has moved since

    objects = AnimationSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = ["on", "starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["animation", "on", "starts"], name="animation_session_once"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="animation_session_in_order"),
            # Whatever the race, no seat is given twice.
            models.CheckConstraint(condition=Q(seats=None) | Q(taken__lte=F("seats")), name="animation_session_seats"),
        ]

    def __str__(self) -> str:
        return f"{self.animation}, {self.moment}"

    @property
    def moment(self) -> Moment:
        return Moment(self.on, self.starts, self.ends)

    @property
    def free(self) -> int:
        """How many seats are left; none is counted where the entry is free."""
        return (self.seats or 0) - self.taken

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.on, self.starts, timezone.get_current_timezone())
