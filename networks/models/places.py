"""Third places, their bookings, and the quarters of an hour that a booking holds.

Source: docs/decisions/0023-third-places-and-meetings.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.errors import Refusal
from circo.models import District, Person
from circo.models.folding import folded_column
from networks.models.groups import MutualisationGroup
from networks.models.salons import Salon
from networks.places import rules
from networks.places.rules import Equipment, PlaceKind, Slot

if TYPE_CHECKING:
    from circo.access import Anyone


def check_opening(text: str) -> None:
    """Raise ValidationError, in French, for opening hours that cannot be read."""
    try:
        rules.opening_of(text)
    except Refusal as refusal:
        raise ValidationError(str(refusal), code="opening") from refusal


def check_equipment(codes: list[str]) -> None:
    """Raise ValidationError for an equipment that is not of the list."""
    if unknown := sorted(set(codes) - set(Equipment)):
        raise ValidationError(f"Équipement inconnu : {', '.join(unknown)}.", code="equipment")


class ThirdPlaceQuerySet(models.QuerySet["ThirdPlace"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts that one works in or oversees, and those opened to one's whole département."""
        reach = person.reach()
        shared = Q(is_shared=True, district__departement_id__in=reach.departement_ids)
        return self.filter(Q(district_id__in=reach.district_ids) | shared)

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.KEEP_THIRD_PLACES))

    def open(self) -> Self:
        """Those that are not closed today."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))


def _somewhere() -> Q:
    """A room has an address; a digital place has a link, a salon, or both."""
    room = Q(kind=PlaceKind.PHYSICAL, link="", salon=None) & ~Q(address="")
    return room | Q(kind=PlaceKind.DIGITAL) & (~Q(link="") | Q(salon__isnull=False))


class ThirdPlace(models.Model):
    """Somewhere to meet that is nobody's classroom: a room, or a link. The team of one district keeps it."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription qui le tient")
    is_shared = models.BooleanField(
        "ouvert à tout le département", default=False, help_text="Sinon, à la circonscription seule."
    )
    kind = models.CharField(
        "sorte",
        max_length=8,
        choices=[(PlaceKind.PHYSICAL, "un lieu"), (PlaceKind.DIGITAL, "un espace en ligne")],
        default=PlaceKind.PHYSICAL,
    )
    name = models.CharField("nom", max_length=120)
    address = models.CharField("adresse", max_length=200, blank=True)
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    link = models.URLField(
        "lien",
        blank=True,
        max_length=500,
        validators=[URLValidator(["https"], message="Le lien commence par https://", code="https")],
        help_text="D’un espace en ligne\u00a0: celui de la visioconférence ou de l’espace partagé.",
    )
    salon = models.ForeignKey(
        Salon,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ou salon",
        help_text="D’un espace en ligne\u00a0: celui où l’on s’écrit. Qui n’y entre pas n’en lit pas le nom.",
    )
    capacity = models.PositiveSmallIntegerField(
        "nombre de personnes",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "Un lieu accueille au moins une personne."),
            MaxValueValidator(rules.PEOPLE_MAX, f"Un lieu accueille au plus {rules.PEOPLE_MAX}\u00a0personnes."),
        ],
        help_text="Au plus. Vide\u00a0: on ne compte pas.",
    )
    equipment = models.JSONField("équipement", default=list, blank=True, validators=[check_equipment])
    other_equipment = models.CharField("et aussi", max_length=200, blank=True)
    opening = models.TextField(
        "jours et heures d’ouverture",
        max_length=1000,
        blank=True,
        validators=[check_opening],
        help_text="Un jour, ou plusieurs, par ligne. Par exemple\u00a0: «\u00a0lundi au vendredi\u00a0: 8 h 30 – "
        "18 h\u00a0». Vide\u00a0: tous les jours, de 7 h à 22 h.",
    )
    access_notes = models.TextField("comment y venir", max_length=1000, blank=True)
    contact = models.CharField(
        "à qui s’adresser", max_length=200, blank=True, help_text="Une fonction, un numéro\u00a0: chacun les lit."
    )
    closed_on = models.DateField("fermé à partir du", null=True, blank=True)
    folded = folded_column("name", "address")

    objects = ThirdPlaceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = "tiers-lieu"
        verbose_name_plural = "tiers-lieux"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="third_place_name_once",
                violation_error_message="Un tiers-lieu de la circonscription porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=_somewhere(),
                name="third_place_somewhere",
                violation_error_message="Un lieu a une adresse, sans lien ni salon\u00a0; un espace en ligne a un lien "
                "ou un salon.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="third_place_whole_position",
                violation_error_message="Donnez la latitude et la longitude, ou aucune des deux.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_digital(self) -> bool:
        return self.kind == PlaceKind.DIGITAL

    @property
    def equipment_words(self) -> list[str]:
        listed = [words for code, words in rules.EQUIPMENT_WORDS.items() if code in self.equipment]
        return [*listed, self.other_equipment] if self.other_equipment else listed

    @property
    def asked(self) -> rules.Place:
        """What the rules of booking ask of it."""
        return rules.Place(rules.opening_of(self.opening), self.capacity, self.closed_on)

    def is_closed(self) -> bool:
        return self.closed_on is not None and self.closed_on <= timezone.localdate()


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the places that one sees: who wants a room is told when it is taken."""
        return self.filter(place__in=ThirdPlace.objects.visible_to(person))

    def told_to(self, person: Anyone) -> Self:
        """Those of which one also reads what for: one's own, one's groups', and those of the places that one keeps."""
        groups = MutualisationGroup.objects.visible_to(person).order_by().values("pk")
        kept = ThirdPlace.objects.editable_by(person).order_by().values("pk")
        return self.filter(Q(booked_by_id=person.pk) | Q(group__in=groups) | Q(place__in=kept))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, those of the groups that one animates or manages, of the meetings that one called, and of the
        places that one keeps."""
        if not person.is_authenticated:
            return self.none()
        led = MutualisationGroup.objects.in_circle_of(person).filter(adviser_id=person.pk).order_by().values("pk")
        kept = ThirdPlace.objects.editable_by(person).order_by().values("pk")
        mine = Q(booked_by_id=person.pk, place__in=ThirdPlace.objects.visible_to(person).order_by().values("pk"))
        managed = MutualisationGroup.objects.editable_by(person).order_by().values("pk")
        own = MutualisationGroup.objects.of_member(person).order_by().values("pk")
        called = Q(meeting__organiser_id=person.pk, group__in=own)
        return self.filter(mine | called | Q(group__in=led) | Q(group__in=managed) | Q(place__in=kept))

    def in_force(self) -> Self:
        return self.filter(cancelled_at=None)


class Booking(models.Model):
    """A place for some hours. Its quarters of an hour are what nobody else can book."""

    place = models.ForeignKey(ThirdPlace, models.PROTECT, related_name="bookings", verbose_name="lieu")
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")
    purpose = models.CharField("objet", max_length=rules.PURPOSE_MAX)
    people = models.PositiveSmallIntegerField("nombre de personnes")
    group = models.ForeignKey(
        MutualisationGroup, models.SET_NULL, null=True, blank=True, related_name="bookings", verbose_name="groupe"
    )
    booked_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="bookings", verbose_name="réservé par"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    # Where it was before the last move: what "Annuler" brings back.
    moved_from = models.DateTimeField(null=True, blank=True)
    moved_until = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of iCalendar: one more at each change

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "réservation"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["place", "starts_at"], name="booking_of_week")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_in_order"),
            models.CheckConstraint(condition=Q(people__gte=1), name="booking_for_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.slot}"

    @property
    def slot(self) -> Slot:
        """Its hours, local."""
        return Slot(timezone.localtime(self.starts_at), timezone.localtime(self.ends_at))


class BookedQuarter(models.Model):
    """One quarter of an hour of a place, held by one booking: two of them can't be the same, on any database."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="quarters")
    place = models.ForeignKey(ThirdPlace, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "starts_at"], name="place_booked_once")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.starts_at}"
