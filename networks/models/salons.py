"""Salons, and what each person has read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models import Departement, District, Person
from circo.models.folding import folded_column
from circo.models.own import OwnQuerySet
from circo.rules import PLACE_OF_ROLE, Place
from networks.models.groups import MutualisationGroup, Network
from networks.salons import rules
from networks.salons.rules import ROOMS

if TYPE_CHECKING:
    from circo.access import Anyone


OF_A_DISTRICT = tuple(role for role, place in PLACE_OF_ROLE.items() if place in (Place.SCHOOL, Place.DISTRICT))


def working_in(person: Anyone, permission: Permission | None = None) -> frozenset[int]:
    """The districts in which the person holds a role of a school or of the district's team, today.

    Those who oversee a whole département do not enter its rooms by that alone, nor does the technical administrator.
    With a permission: where such a role gives it.
    """
    covered = person.reach().district_ids_as(*OF_A_DISTRICT)
    return covered if permission is None else covered & person.reach().district_ids_for(permission)


def _in_districts(district_ids: frozenset[int]) -> Q:
    return (
        Q(network__district_id__in=district_ids)
        | Q(district_id__in=district_ids)
        | Q(pk__in=SalonOpening.objects.filter(district_id__in=district_ids).order_by().values("salon_id"))
    )


class SalonQuerySet(models.QuerySet["Salon"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the groups in whose circle one is, and those of the districts in which one works."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        groups = MutualisationGroup.objects.in_circle_of(person).order_by()
        return self.filter(Q(group__in=groups.values("pk")) | _in_districts(working_in(person)))

    def writable_by(self, person: Anyone) -> Self:
        """Those that one enters, as long as they are open."""
        return self.visible_to(person).filter(archived_at=None)

    def moderated_by(self, person: Anyone) -> Self:
        """Those in which one may hide a message: the adviser of the group, else the team that runs the district."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        managed = working_in(person, Permission.MANAGE_GROUPS)
        return self.visible_to(person).filter(Q(group__adviser_id=person.pk) | _in_districts(managed))

    def editable_by(self, person: Anyone) -> Self:
        """Those that one keeps in order (title, archive, pins): one has opened it, or one moderates it."""
        if not person.is_authenticated:
            return self.none()
        moderated = Salon.objects.moderated_by(person).order_by().values("pk")
        return self.visible_to(person).filter(Q(created_by_id=person.pk) | Q(pk__in=moderated))


class Salon(models.Model):
    """A living room: of one group, one network, one district, or of a theme opened to districts of a département.

    `last_seq` counts its changes; whoever writes locks the row, so that numbers follow commits.
    """

    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    about = models.CharField("de quoi on y parle", max_length=rules.ABOUT_MAX, blank=True)
    group = models.ForeignKey(
        MutualisationGroup, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="groupe"
    )
    network = models.ForeignKey(
        Network, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="réseau"
    )
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="circonscription"
    )
    departement = models.ForeignKey(
        Departement, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="département"
    )
    opened_to = models.ManyToManyField(
        District, through="SalonOpening", related_name="themes", verbose_name="ouvert aux circonscriptions"
    )
    created_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="salons_opened", verbose_name="ouvert par"
    )
    created_at = models.DateTimeField("ouvert le", default=timezone.now)
    archived_at = models.DateTimeField("archivé le", null=True, blank=True)
    last_seq = models.PositiveBigIntegerField("rang du dernier changement", default=0, editable=False)
    last_post_at = models.DateTimeField("dernier message le", null=True, blank=True, editable=False)
    folded = folded_column("title", "about")

    objects = SalonQuerySet.as_manager()

    class Meta:
        verbose_name = "salon"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{name}__isnull": name != chosen for name in ROOMS}) for chosen in ROOMS),
                    _connector=Q.OR,
                ),
                name="salon_of_one_place",
                violation_error_message="Un salon est celui d’un groupe, d’un réseau, d’une circonscription ou d’un "
                "thème, et d’un seul.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def room(self) -> str:
        """Which of `ROOMS` it is of."""
        return next(name for name in ROOMS if getattr(self, f"{name}_id") is not None)

    @property
    def place(self) -> str:
        """Whose room it is, in words. Reads the one related row."""
        if self.group_id:
            return f"Groupe «\u00a0{self.group}\u00a0»"
        if self.network_id:
            return f"Réseau «\u00a0{self.network}\u00a0»"
        if self.district_id:
            return str(self.district)
        return f"Thème, {self.departement}"

    @property
    def channel(self) -> str:
        """What is rung for when something has changed."""
        return f"salon-{self.pk}"


class SalonOpening(models.Model):
    """A district to which a theme is open."""

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="openings", verbose_name="salon")
    district = models.ForeignKey(District, models.CASCADE, related_name="+", verbose_name="circonscription")

    class Meta:
        verbose_name = "ouverture d’un thème"
        verbose_name_plural = "ouvertures d’un thème"
        constraints = [models.UniqueConstraint(fields=["salon", "district"], name="salon_opened_once")]

    def __str__(self) -> str:
        return f"{self.salon_id} → {self.district_id}"


class SalonReading(models.Model):
    """How far a person has read a salon, on whichever device."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="readings", verbose_name="salon")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    read_seq = models.PositiveBigIntegerField("lu jusqu’au rang", default=0)

    objects = OwnQuerySet["SalonReading"].as_manager()

    class Meta:
        verbose_name = "lecture d’un salon"
        verbose_name_plural = "lectures des salons"
        constraints = [models.UniqueConstraint(fields=["person", "salon"], name="salon_reading_once")]

    def __str__(self) -> str:
        return f"{self.salon_id} : {self.read_seq}"
