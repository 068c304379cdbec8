"""Networks, their groups, and who is a member of which in which school year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import District, Person, SchoolYear
from circo.models.folding import folded_column
from circo.rules import Role
from networks.groups.rules import (
    ACTS,
    ENDED,
    MOVES,
    ORIGIN_LABELS,
    STAGE_LABELS,
    STANDING_LABELS,
    STATES,
    WORD_MOST,
    Origin,
    Stage,
    Standing,
    State,
    Verb,
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


def worded[Word: StrEnum](labels: Mapping[Word, str]) -> list[tuple[str, str]]:
    """The choices of a field."""
    return [(value.value, label) for value, label in labels.items()]


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


class MembershipMoveQuerySet(models.QuerySet["MembershipMove"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and those of the districts whose groups one manages."""
        managed = person.reach().district_ids_for(Permission.MANAGE_GROUPS)
        mine = Q(membership__person_id=person.pk) if person.pk else Q(pk__in=[])
        return self.filter(mine | Q(membership__group__network__district_id__in=managed))


def _allowed_moves() -> Q:
    """The database's own form of `rules.MOVES`."""
    condition = Q()
    for move in MOVES:
        condition |= Q(
            verb=move.verb.value,
            from_stage=move.source.stage,
            from_standing=move.source.standing,
            to_stage=move.target.stage,
            to_standing=move.target.standing,
        )
    return condition


class MembershipMove(models.Model):
    """One move of a membership: from where to where, who made it, when and why. Nobody edits it."""

    goes_unnamed = True  # see circo.admin.scoped: part of its membership

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="moves", verbose_name="membre")
    verb = models.CharField("mouvement", max_length=12, choices=[(verb.value, ACTS[verb].told) for verb in Verb])
    from_stage = models.CharField("de l’étape", max_length=12, blank=True)
    from_standing = models.CharField("de la situation", max_length=10, blank=True)
    to_stage = models.CharField("à l’étape", max_length=12, blank=True)
    to_standing = models.CharField("à la situation", max_length=10, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", default=timezone.now)
    why = models.TextField("motif", max_length=WORD_MOST, blank=True)
    opening = models.ForeignKey(
        "networks.YearOpening", models.SET_NULL, null=True, blank=True, editable=False, related_name="moves"
    )

    objects = MembershipMoveQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement"
        ordering = ["membership", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=_allowed_moves(),
                name="membership_move_allowed",
                violation_error_message="Ce passage n’est pas prévu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.membership_id}"


class CareerMeetingQuerySet(models.QuerySet["CareerMeeting"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts that one inspects today. The technical administrator, who reaches every place, is not
        an inspector: the roles held are read, never `everything`."""
        return self.filter(membership__group__network__district_id__in=person.reach().district_ids_as(Role.INSPECTOR))

    def may_note(self, person: Anyone, membership: Membership) -> bool:
        """Tell whether one inspects the district of a membership, today. One's own is nobody's to note."""
        return self.may_note_in(person, membership.group.network.district_id) and membership.person_id != person.pk

    def may_note_in(self, person: Anyone, district_id: int) -> bool:
        return district_id in person.reach().district_ids_as(Role.INSPECTOR)

    def of(self, person: Anyone) -> Self:
        """What is known of oneself: given back in one's own export, and nowhere else."""
        return self.none() if person.pk is None else self.filter(membership__person_id=person.pk)


class CareerMeeting(models.Model):
    """That somebody came to a group after a career meeting: seen by the inspector alone.

    A row of its own, and not a value of `Membership.origin`, so that no list, filter, export, form or line of history
    can show it by accident; it leaves no history, and changes nothing of the membership.
    """

    goes_unnamed = True  # see circo.admin.scoped: a page that deletes would name it

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="+", verbose_name="membre")
    noted_on = models.DateField("noté le", default=timezone.localdate)

    objects = CareerMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "origine réservée"
        verbose_name_plural = "origines réservées"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
