"""Networks, their groups, and who is a member of which in which school year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import District, Person, SchoolYear
from circo.models.folding import folded_column

if TYPE_CHECKING:
    from circo.access import Anyone


class Stage(models.TextChoices):
    FIRST_YEAR = "FIRST_YEAR", "première année"
    SECOND_YEAR = "SECOND_YEAR", "deuxième année"
    RELAY = "RELAY", "relais"


class NetworkQuerySet(models.QuerySet["Network"]):
    def visible_to(self, person: Anyone) -> Self:
        """The networks of the districts that the person works in or oversees."""
        return self.filter(district_id__in=person.reach().district_ids)

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))


class Network(models.Model):
    """The groups of one district that work on one theme."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription")
    name = models.CharField("nom", max_length=120)
    folded = folded_column("name")

    objects = NetworkQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="network_name_once",
                violation_error_message="Un réseau de la circonscription porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MutualisationGroupQuerySet(models.QuerySet["MutualisationGroup"]):
    def visible_to(self, person: Anyone) -> Self:
        """The groups in whose circle one is, and those of the districts whose team one belongs to."""
        overseen = person.reach().district_ids_for(Permission.VIEW_TEAM)
        return self.filter(_circle_of(person) | models.Q(network__district_id__in=overseen))

    def in_circle_of(self, person: Anyone) -> Self:
        """The groups of which one is a member this year, or that one animates: one watches what they share."""
        return self.filter(_circle_of(person))

    def of_member(self, person: Anyone) -> Self:
        """The groups of which one is a member this year: one may share with them."""
        return self.filter(pk__in=Membership.objects.in_force().of(person).values("group_id"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(network__district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))


def _circle_of(person: Anyone) -> models.Q:
    """Members of this year, and the adviser as long as a role holds that person in the district."""
    mine = models.Q(pk__in=Membership.objects.in_force().of(person).values("group_id"))
    return mine | models.Q(
        adviser_id=person.pk, adviser__isnull=False, network__district_id__in=person.reach().district_ids
    )


class MutualisationGroup(models.Model):
    """Teachers who meet and share their practice. The adviser animates it and is a member of its circle."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="groups", verbose_name="réseau")
    name = models.CharField("nom", max_length=120)
    adviser = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="advised_groups", verbose_name="animé par"
    )
    folded = folded_column("name")

    objects = MutualisationGroupQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = "groupe de mutualisation"
        verbose_name_plural = "groupes de mutualisation"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "name"],
                name="group_name_once",
                violation_error_message="Un groupe de ce réseau porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> Self:
        """The memberships of the present school year that nobody has ended."""
        today = timezone.localdate()
        return self.filter(school_year__first_day__lte=today, school_year__last_day__gte=today, left_on__isnull=True)

    def of(self, person: Anyone) -> Self:
        """One's own."""
        return self.none() if person.pk is None else self.filter(person_id=person.pk)

    def visible_to(self, person: Anyone) -> Self:
        """Those of the groups that one sees."""
        return self.filter(group__in=MutualisationGroup.objects.visible_to(person))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(group__in=MutualisationGroup.objects.editable_by(person))


class Membership(models.Model):
    """One person in one group for one school year."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", verbose_name="personne")
    group = models.ForeignKey(MutualisationGroup, models.CASCADE, related_name="memberships", verbose_name="groupe")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="année scolaire")
    stage = models.CharField("étape", max_length=12, choices=Stage, default=Stage.FIRST_YEAR)
    left_on = models.DateField("parti le", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "membre"
        ordering = ["-school_year__first_day", "person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "school_year"],
                name="membership_once_a_year",
                violation_error_message="Cette personne est déjà membre du groupe cette année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.group} ({self.school_year})"
