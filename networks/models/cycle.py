"""The yearly cycle: wishes, decisions, what relays commit to, and each opening of a new school year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person, School, SchoolYear
from circo.rules import worded
from networks.cycle.rules import ANSWER_LABELS, Answer
from networks.groups.rules import ACTS, OVER_THE_YEAR, WORD_MOST
from networks.models.groups import Membership

if TYPE_CHECKING:
    from circo.access import Anyone


class WishCampaignQuerySet(models.QuerySet["WishCampaign"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts whose groups one manages."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))

    def editable_by(self, person: Anyone) -> Self:
        """Those of the districts whose groups one decides of."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.DECIDE_GROUPS))


class WishCampaign(models.Model):
    """The wishes of one school year in one district, for the year that follows. The closing day is the last one."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="année scolaire")
    closes_on = models.DateField("dernier jour pour répondre")
    opened_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="ouverts par")
    opened_at = models.DateTimeField("ouverts le", default=timezone.now)
    reminded_on = models.DateField("rappelés le", null=True, blank=True)

    objects = WishCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "vœux"
        verbose_name_plural = "vœux"
        ordering = ["-school_year__first_day", "district__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "school_year"],
                name="wish_campaign_once",
                violation_error_message="Les vœux de cette année sont déjà ouverts.",
            )
        ]

    def __str__(self) -> str:
        return f"Vœux {self.school_year_id}"


class WishQuerySet(models.QuerySet["Wish"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and those of the districts whose groups one manages: colleagues do not read it."""
        managed = person.reach().district_ids_for(Permission.MANAGE_GROUPS)
        mine = Q(membership__person_id=person.pk) if person.pk else Q(pk__in=[])
        return self.filter(mine | Q(membership__group__network__district_id__in=managed))


class Wish(models.Model):
    """What a member wishes for next year; changed until the closing. `version` counts the answers that were kept."""

    goes_unnamed = True  # see circo.admin.scoped: part of its membership

    membership = models.OneToOneField(Membership, models.CASCADE, verbose_name="membre")
    answer = models.CharField("vœu", max_length=8, choices=worded(ANSWER_LABELS))
    word = models.TextField("un mot", max_length=WORD_MOST, blank=True)
    version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField("répondu le", default=timezone.now)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = "vœu"
        verbose_name_plural = "vœux"
        ordering = ["membership"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=[answer.value for answer in Answer]),
                name="wish_known_answer",
                violation_error_message="Choisissez l’une des trois réponses.",
            )
        ]

    def __str__(self) -> str:
        return self.get_answer_display()


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts whose groups one manages: the person hears of it when the new year opens."""
        managed = person.reach().district_ids_for(Permission.MANAGE_GROUPS)
        return self.filter(membership__group__network__district_id__in=managed)


_DECISIONS = [verb.value for verb in OVER_THE_YEAR]


class Decision(models.Model):
    """What the inspector decided for next year, and who will accompany a second year."""

    goes_unnamed = True  # see circo.admin.scoped: part of its membership

    membership = models.OneToOneField(Membership, models.CASCADE, verbose_name="membre")
    verb = models.CharField(
        "décision", max_length=12, choices=[(verb.value, ACTS[verb].label) for verb in OVER_THE_YEAR]
    )
    accompanied_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="accompagné par"
    )
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="décidé par")
    decided_at = models.DateTimeField("décidé le", default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        ordering = ["membership"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=_DECISIONS),
                name="decision_known_verb",
                violation_error_message="Cette décision n’est pas de celles d’une fin d’année.",
            )
        ]

    def __str__(self) -> str:
        return self.get_verb_display()


class RelayCommitmentQuerySet(models.QuerySet["RelayCommitment"]):
    def visible_to(self, person: Anyone) -> Self:
        """Everybody of the district reads where a relay is at hand."""
        return self.filter(membership__group__network__district_id__in=person.reach().district_ids)


class RelayCommitment(models.Model):
    """The territory of a relay: the schools and communes whose colleagues may call."""

    goes_unnamed = True  # see circo.admin.scoped: part of its membership

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="commitment", verbose_name="membre")
    territory = models.CharField("territoire", max_length=300, help_text="Par exemple : Val-de-Reuil et Léry.")
    schools = models.ManyToManyField(School, blank=True, related_name="+", verbose_name="écoles")
    committed_at = models.DateTimeField("engagé le", default=timezone.now)

    objects = RelayCommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement de relais"
        verbose_name_plural = "engagements de relais"
        ordering = ["membership"]

    def __str__(self) -> str:
        return self.territory


class YearOpeningQuerySet(models.QuerySet["YearOpening"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))

    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(undone_at__isnull=True)


class YearOpening(models.Model):
    """The new school year of one district, opened once; taken back, it can be opened anew."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription")
    from_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="de l’année")
    to_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="à l’année")
    opened_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="ouverte par")
    opened_at = models.DateTimeField("ouverte le", default=timezone.now)
    undone_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="annulée par")
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = YearOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "ouverture d’année"
        verbose_name_plural = "ouvertures d’année"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "from_year"],
                condition=Q(undone_at__isnull=True),
                name="year_opening_once",
                violation_error_message="La nouvelle année est déjà ouverte.",
            ),
            models.CheckConstraint(
                condition=~Q(from_year=F("to_year")),
                name="year_opening_goes_on",
                violation_error_message="Une année s’ouvre après une autre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.to_year_id}"
