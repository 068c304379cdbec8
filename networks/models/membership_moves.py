"""The log of a membership: each of its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models import Person
from networks.groups.rules import (
    ACTS,
    MOVES,
    WORD_MOST,
    Verb,
)
from networks.models.groups import Membership

if TYPE_CHECKING:
    from circo.access import Anyone


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
