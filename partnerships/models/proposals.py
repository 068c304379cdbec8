"""Proposals of an institution: what was asked, what it comes to, and each line with what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.dates import clock, day_in_words, planned_in_words
from circo.models import Institution, Person
from circo.rules import worded
from partnerships.cohorts.rules import KIND_LABELS
from partnerships.models.cohorts import Cohort, OfInstitutionQuerySet
from partnerships.models.offers import HostOffer
from partnerships.models.placements import Placement
from partnerships.models.students import Student
from partnerships.proposals import rules
from partnerships.proposals.rules import LineState, Needs


class PlacementProposal(models.Model):
    """One computing: for whom, when, how many half-days of each kind; then what it came to."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="proposals", verbose_name="institut")
    cohorts = models.ManyToManyField(Cohort, related_name="proposals", verbose_name="promotions")
    first_on = models.DateField("du")
    last_on = models.DateField("au")
    observation = models.PositiveSmallIntegerField("demi-journées d’observation", default=0)
    accompanied = models.PositiveSmallIntegerField("demi-journées de pratique accompagnée", default=0)
    responsibility = models.PositiveSmallIntegerField("demi-journées de responsabilité", default=0)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followers")
    keeps_classes = models.BooleanField(default=False)  # of the proposal that it follows, as far as can be
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="demandée par")
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    stop_asked_at = models.DateTimeField("arrêt demandé le", null=True, blank=True)
    solved_at = models.DateTimeField("calculée le", null=True, blank=True)
    failure = models.CharField(max_length=rules.SAID_MAX, blank=True)
    proof = models.JSONField(null=True, blank=True)  # the certificate, as `circo.optimal.proofs` writes it
    measures = models.JSONField(null=True, blank=True)  # what people compare: see `rules.goal_lines`
    inputs_hash = models.CharField(max_length=64, blank=True)  # of all that it was computed from
    world_mark = models.CharField(max_length=64, blank=True)  # of what a page looks at: see `queries.world_mark`

    objects = OfInstitutionQuerySet["PlacementProposal"].as_manager()

    class Meta:
        verbose_name = "proposition de stages"
        verbose_name_plural = "propositions de stages"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="placement_proposal_in_order"),
        ]

    def __str__(self) -> str:
        at = timezone.localtime(self.asked_at)
        return f"Proposition du {day_in_words(at.date(), timezone.localdate())} à {clock(at.time())}"

    @property
    def needs(self) -> Needs:
        return self.observation, self.accompanied, self.responsibility

    @property
    def is_ready(self) -> bool:
        return self.solved_at is not None


class OfProposalQuerySet[Row: models.Model](OfInstitutionQuerySet[Row]):
    institution_path = "proposal__institution_id"


class ProposalLine(models.Model):
    """A student or a pair, and the class that is proposed; without one, why, and what would do."""

    proposal = models.ForeignKey(PlacementProposal, models.CASCADE, related_name="lines", verbose_name="proposition")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+", verbose_name="étudiant·e")
    partner = models.ForeignKey(
        Student, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="en binôme avec"
    )
    offer = models.ForeignKey(HostOffer, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="classe")
    days = models.JSONField("demi-journées", default=dict)  # codes of half-days by kind
    minutes = models.PositiveSmallIntegerField("trajet", null=True, blank=True)  # one way, of who travels longest
    reason = models.JSONField(default=dict, blank=True)  # {"why": words, "changes": […]}: `queries.change_words`
    before = models.ForeignKey(HostOffer, models.SET_NULL, null=True, blank=True, related_name="+")
    is_kept = models.BooleanField("gardée au prochain calcul", default=False)
    state = models.CharField(
        "état", max_length=9, choices=worded(rules.STATE_LABELS), default=LineState.OPEN.value, editable=False
    )
    said = models.CharField(max_length=rules.SAID_MAX, blank=True)  # why it could not be written, the last time
    placement = models.ForeignKey(Placement, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfProposalQuerySet["ProposalLine"].as_manager()

    class Meta:
        verbose_name = "ligne d’une proposition"
        verbose_name_plural = "lignes d’une proposition"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "student"], name="proposal_line_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(LineState)), name="proposal_line_state"),
            models.CheckConstraint(
                condition=Q(state=LineState.OPEN) | Q(offer__isnull=False), name="proposal_line_without_class_is_open"
            ),
        ]

    def __str__(self) -> str:
        return self.names

    @property
    def students(self) -> list[Student]:
        return [self.student] if self.partner is None else [self.student, self.partner]

    @property
    def names(self) -> str:
        return " et ".join(str(one.person) for one in self.students)

    @property
    def is_open(self) -> bool:
        return self.state == LineState.OPEN

    @property
    def is_going(self) -> bool:
        return self.state in rules.GOING

    @property
    def is_accepted(self) -> bool:
        return self.state == LineState.ACCEPTED

    @property
    def days_words(self) -> list[tuple[str, list[str]]]:
        """Its half-days by kind, as one says them."""
        today = timezone.localdate()
        return [
            (KIND_LABELS[kind], [planned_in_words(one, today) for one in half_days])
            for kind, half_days in rules.half_days_of(self.days).items()
        ]


class ProposalApart(models.Model):
    """A party that must not go to a class: kept from one computing to the next."""

    proposal = models.ForeignKey(PlacementProposal, models.CASCADE, related_name="aparts", verbose_name="proposition")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+", verbose_name="étudiant·e")
    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="+", verbose_name="classe")

    objects = OfProposalQuerySet["ProposalApart"].as_manager()

    class Meta:
        verbose_name = "classe écartée"
        verbose_name_plural = "classes écartées"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "student", "offer"], name="proposal_apart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.student_id}, {self.offer_id}"
