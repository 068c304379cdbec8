"""Messages that somebody asks to be looked at, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.models import Person, Posting
from circo.rules import Role
from networks.models.posts import Post
from networks.salons import rules
from networks.salons.rules import Decision

if TYPE_CHECKING:
    from circo.access import Anyone


def _without_moderator(person: Anyone) -> Q:
    """Reports of the groups without an adviser, or whose own has left, or wrote the message: the advisers of the
    district read these alone."""
    if not person.is_authenticated or not person.is_active:
        return Q(pk__in=[])
    districts = person.reach().district_ids_as(Role.ADVISER)
    here = Q(school__district__in=districts) | Q(district__in=districts) | Q(departement__district__in=districts)
    posted = Posting.objects.in_force(timezone.localdate()).filter(here, person__is_active=True).order_by()
    alone = Q(post__salon__group__adviser=None) | Q(post__salon__group__adviser=F("post__author"))
    alone |= ~Q(post__salon__group__adviser__in=posted.values("person_id"))
    return Q(alone, post__salon__group__network__district__in=districts)


class ReportQuerySet(models.QuerySet["PostReport"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that one decides on: of the salons that one moderates, never about what one wrote oneself."""
        moderated = Q(post__in=Post.objects.moderated_by(person).order_by().values("pk"))
        return self.filter(moderated | _without_moderator(person)).exclude(post__author_id=person.pk)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person).filter(decision="")


class PostReport(models.Model):
    """Somebody asks that a message be looked at; what was decided, by whom, when and why is kept with it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports", verbose_name="message")
    reporter = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="signalé par"
    )
    word = models.CharField("un mot", max_length=rules.REASON_MAX, blank=True)
    created_at = models.DateTimeField("signalé le", default=timezone.now)
    decision = models.CharField(
        "décision", max_length=10, blank=True, choices=[(one.value, one.label) for one in Decision]
    )
    reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "reporter"],
                condition=Q(decision=""),
                name="report_waits_once",
                violation_error_message="Vous avez déjà signalé ce message.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & ~Q(decided_at=None)),
                name="report_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return self.word[:40] or f"{self.pk}"
