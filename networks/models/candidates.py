"""Whom the team thinks of inviting: a note of its own, which becomes an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person
from networks.groups.rules import WORD_MOST
from networks.models.groups import Membership, MutualisationGroup

if TYPE_CHECKING:
    from circo.access import Anyone


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts whose groups one manages by a role held today; never a note on oneself, nor for the
        technical administrator: `everything` is not read."""
        managed = person.reach().district_ids_held_for(Permission.MANAGE_GROUPS)
        return self.filter(district_id__in=managed).exclude(person_id=person.pk or 0)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def waiting(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Candidate(models.Model):
    """A note "to invite": about whom, for which group, why. Private to the team; given back to the person only in the
    export of their own data, as the law asks of any note on somebody."""

    goes_unnamed = True  # see circo.admin.scoped: whoever deletes a person is not told of it

    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    group = models.ForeignKey(
        MutualisationGroup, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="pour le groupe"
    )
    why = models.TextField("pourquoi", max_length=WORD_MOST, blank=True)
    noted_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )
    noted_at = models.DateTimeField("noté le", default=timezone.now)
    opening = models.ForeignKey("networks.YearOpening", models.SET_NULL, null=True, blank=True, related_name="+")
    invited = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("classé le", null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "personne à inviter"
        verbose_name_plural = "personnes à inviter"
        ordering = ["-noted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "person"],
                condition=Q(closed_at__isnull=True),
                name="candidate_once",
                violation_error_message="Cette personne est déjà notée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
