"""Networks, their groups, and who is a member of which in which school year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import District, Person, SchoolYear
from circo.models.folding import folded_column
from circo.rules import Role, worded
from networks.groups.rules import (
    ENDED,
    ORIGIN_LABELS,
    STAGE_LABELS,
    STANDING_LABELS,
    STATES,
    Origin,
    Stage,
    Standing,
    State,
)

if TYPE_CHECKING:
    from circo.access import Anyone


# The roles whose holders groups are for.
MAY_JOIN = frozenset({Role.TEACHER, Role.HEAD_TEACHER, Role.SUBSTITUTE, Role.TRAINER})


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
        return self.filter(_circle_of(person) | Q(network__district_id__in=overseen))

    def in_circle_of(self, person: Anyone) -> Self:
        """The groups of which one is a member this year, or that one animates: one watches what they share."""
        return self.filter(_circle_of(person))

    def of_member(self, person: Anyone) -> Self:
        """The groups of which one is a member this year: one may share with them."""
        return self.filter(pk__in=Membership.objects.in_force().of(person).values("group_id"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(network__district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))

    def joinable_by(self, person: Anyone) -> Self:
        """The groups of the districts where one has a class, or trains: their names may be read, and one may ask."""
        return self.filter(network__district_id__in=person.reach().district_ids_as(*MAY_JOIN))


def _circle_of(person: Anyone) -> Q:
    """Members of this year, and the adviser as long as a role holds that person in the district."""
    mine = Q(pk__in=Membership.objects.in_force().of(person).values("group_id"))
    return mine | Q(adviser_id=person.pk, adviser__isnull=False, network__district_id__in=person.reach().district_ids)


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
        """Who is of a group today: the members of the present school year, without those who pause, left, or are still
        invited. What a group shares with its members hangs on this alone."""
        today = timezone.localdate()
        return self.of_day(today).filter(standing=Standing.ACTIVE)

    def of_day(self, on: date) -> Self:
        """Those of the school year that holds this day, whatever their standing."""
        return self.filter(school_year__first_day__lte=on, school_year__last_day__gte=on)

    def of(self, person: Anyone) -> Self:
        """One's own."""
        return self.none() if person.pk is None else self.filter(person_id=person.pk)

    def visible_to(self, person: Anyone) -> Self:
        """One's own whatever their standing, those of the team's district, and the members of one's own circle."""
        overseen = person.reach().district_ids_for(Permission.VIEW_TEAM)
        circle = MutualisationGroup.objects.in_circle_of(person)
        mates = Q(group__in=circle) & Q(standing=Standing.ACTIVE)
        led = Q(group__adviser_id=person.pk, group__in=circle) if person.pk else Q(pk__in=[])
        return self.filter(Q(person_id=person.pk) | mates | led | Q(group__network__district_id__in=overseen))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(group__in=MutualisationGroup.objects.editable_by(person))

    def decided_by(self, person: Anyone) -> Self:
        """Those of the districts whose groups one decides of."""
        return self.filter(group__network__district_id__in=person.reach().district_ids_for(Permission.DECIDE_GROUPS))


_ENDED = [standing.value for standing in ENDED]


def _known_states() -> Q:
    """The database's own form of `rules.STATES`."""
    condition = Q()
    for standing in Standing:
        stages = sorted(state.stage for state in STATES if state.standing == standing)
        condition |= Q(standing=standing.value, stage__in=stages)
    return condition


class Membership(models.Model):
    """One person in one group for one school year: at which stage, and in which standing."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", verbose_name="personne")
    group = models.ForeignKey(MutualisationGroup, models.CASCADE, related_name="memberships", verbose_name="groupe")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="année scolaire")
    stage = models.CharField("étape", max_length=12, choices=worded(STAGE_LABELS), default=Stage.FIRST_YEAR.value)
    standing = models.CharField(
        "situation", max_length=10, choices=worded(STANDING_LABELS), default=Standing.ACTIVE.value
    )
    origin = models.CharField("venu·e", max_length=12, choices=worded(ORIGIN_LABELS), default=Origin.VOLUNTEER.value)
    left_on = models.DateField("parti le", null=True, blank=True)
    accompanied_by = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="accompanied_memberships",
        verbose_name="accompagné par",
        help_text="Qui suit cette personne dans sa deuxième année.",
    )
    opening = models.ForeignKey(
        "networks.YearOpening", models.SET_NULL, null=True, blank=True, editable=False, related_name="memberships"
    )

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["opening"])

    class Meta:
        verbose_name = "membre"
        ordering = ["-school_year__first_day", "person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "school_year"],
                name="membership_once_a_year",
                violation_error_message="Cette personne est déjà membre du groupe cette année.",
            ),
            models.CheckConstraint(
                condition=_known_states(),
                name="membership_known_state",
                violation_error_message="Cette étape et cette situation ne vont pas ensemble.",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=_ENDED, left_on__isnull=False) | (~Q(standing__in=_ENDED) & Q(left_on=None)),
                name="membership_left_on_some_day",
                violation_error_message="Un départ a sa date, et lui seul.",
            ),
        ]
        indexes = [models.Index(fields=["school_year", "standing"], name="membership_by_year")]

    def __str__(self) -> str:
        return f"{self.person}, {self.group} ({self.school_year})"

    @property
    def state(self) -> State:
        return State(self.stage, self.standing)
