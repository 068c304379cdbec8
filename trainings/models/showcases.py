"""The showcase: practices that the team and their authors choose to show, as sheet, films and path.

Source: docs/decisions/0050-showcase.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person
from circo.models.folding import folded_column
from circo.rules import worded
from networks.models import Experiment
from trainings.models.paths import LearningPath
from trainings.showcase import rules
from trainings.showcase.rules import Answer, Reach, State, Verb
from videos.models import PracticeSheet

if TYPE_CHECKING:
    from circo.access import Anyone

REACHES = [(one.value, rules.REACH_LABELS[one]) for one in Reach]


class ShowcaseQuerySet(models.QuerySet["Showcase"]):
    def visible_to(self, person: Anyone) -> Self:
        """What is published to where one is; in whatever state, those that one proposed, is an author of, or leads."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        concerned = Q(pk__in=self.model.objects.concerning(person).order_by().values("pk"))
        return self.filter(concerned | Q(pk__in=self.model.objects.shown_to(person).order_by().values("pk")))

    def shown_to(self, person: Anyone) -> Self:
        """What is published to a place where one is today."""
        reach = person.reach()
        if not reach.can(Permission.USE_PORTAL):
            return self.none()
        around = Q(reach=Reach.DEPARTEMENT, district__departement_id__in=reach.departement_ids)
        rows = self.kept().filter(state=State.PUBLISHED)
        return rows.filter(Q(district_id__in=reach.district_ids_for(Permission.WATCH_FILMS)) | around)

    def concerning(self, person: Anyone) -> Self:
        """Those that one proposed, is an author of, or leads."""
        own = Exists(ShowcaseAuthor.objects.filter(showcase=OuterRef("pk"), person=person.pk))
        led = Q(pk__in=self.model.objects.led_by(person).order_by().values("pk"))
        return self.kept().filter(Q(proposed_by=person.pk) | own | led) if person.pk else self.none()

    def editable_by(self, person: Anyone) -> Self:
        """Those that one may write: proposed or withdrawn, one's own or one's team's."""
        return self.concerning(person).filter(state__in=rules.WRITABLE)

    def led_by(self, person: Anyone) -> Self:
        """Those of the districts whose groups one manages: their team publishes them."""
        return self.kept().filter(district_id__in=person.reach().district_ids_held_for(Permission.MANAGE_GROUPS))

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the districts whose team one belongs to, or oversees."""
        return self.kept().filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def kept(self) -> Self:
        """Those whose sheet is still there."""
        return self.filter(sheet__removed_at=None)


class Showcase(models.Model):
    """One practice. Its sheet says what one does, and brings the films; its authors are whose all that is."""

    district = models.ForeignKey(District, models.PROTECT, related_name="showcases", verbose_name="circonscription")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    sheet = models.ForeignKey(PracticeSheet, models.CASCADE, related_name="showcases", verbose_name="fiche de pratique")
    path = models.ForeignKey(
        LearningPath, models.SET_NULL, null=True, blank=True, related_name="showcases", verbose_name="parcours"
    )
    experiment = models.ForeignKey(
        Experiment, models.SET_NULL, null=True, blank=True, related_name="showcases", verbose_name="expérimentation"
    )
    effect = models.TextField("ce que cela change pour les élèves", max_length=rules.TEXT_MAX)
    proof = models.TextField("ce qui permet de le dire", max_length=rules.TEXT_MAX)
    carries = models.TextField("ce qu’une autre classe peut en reprendre", max_length=rules.TEXT_MAX)
    needs = models.TextField("ce qu’il faut pour commencer", max_length=rules.TEXT_MAX, blank=True)
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS), default=State.PROPOSED.value)
    reach = models.PositiveSmallIntegerField("montrée à", choices=REACHES, default=Reach.NOBODY)
    proposed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="showcases", verbose_name="proposée par"
    )
    proposed_at = models.DateTimeField("proposée le", default=timezone.now)
    updated_at = models.DateTimeField("texte modifié le", default=timezone.now)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    folded = folded_column("title", "effect", "carries")

    objects = ShowcaseQuerySet.as_manager()

    class Meta:
        verbose_name = "pratique de la vitrine"
        verbose_name_plural = "pratiques de la vitrine"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="showcase_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.PUBLISHED, reach__in=rules.PUBLIC, published_at__isnull=False)
                | ~Q(state=State.PUBLISHED) & Q(reach=Reach.NOBODY),
                name="showcase_shown_once_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_in(self) -> str:
        return rules.SHOWN_IN[Reach(self.reach)]


class AuthorQuerySet(models.QuerySet["ShowcaseAuthor"]):
    def visible_to(self, person: Anyone) -> Self:
        """What the authors of a practice answer is read by those whom it concerns."""
        concerned = Showcase.objects.concerning(person).order_by().values("pk")
        return self.filter(showcase__in=concerned)

    def editable_by(self, person: Anyone) -> Self:
        """One's own answer, at any time."""
        known = person.is_authenticated and person.is_active
        kept = Showcase.objects.kept().order_by().values("pk")
        return self.filter(person=person.pk, showcase__in=kept) if known else self.none()


class ShowcaseAuthor(models.Model):
    """Somebody without whose agreement it is shown to nobody."""

    goes_unnamed = True  # see circo.admin.scoped: part of its practice

    showcase = models.ForeignKey(Showcase, models.CASCADE, related_name="authors", verbose_name="pratique")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="auteur ou autrice")
    answer = models.CharField(
        "réponse", max_length=11, choices=worded(rules.ANSWER_LABELS), default=Answer.PENDING.value
    )
    is_named = models.BooleanField("son nom est montré", default=True)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = "auteur d’une pratique"
        verbose_name_plural = "auteurs des pratiques"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["showcase", "person"], name="showcase_author_once"),
            models.CheckConstraint(condition=Q(answer__in=list(Answer)), name="showcase_answer_known"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class ShowcaseMove(models.Model):
    """One line of the log of a practice: who did what, when, why."""

    goes_unnamed = True  # see circo.admin.scoped: part of its practice

    showcase = models.ForeignKey(Showcase, models.CASCADE, related_name="moves", verbose_name="pratique")
    verb = models.CharField("ce qui est fait", max_length=9, choices=worded(rules.VERB_LABELS))
    reach = models.PositiveSmallIntegerField("montrée à", choices=REACHES, default=Reach.NOBODY)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    why = models.CharField("pourquoi", max_length=rules.WHY_MAX, blank=True)

    class Meta:
        verbose_name = "changement d’état d’une pratique"
        verbose_name_plural = "changements d’état des pratiques"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(verb__in=list(Verb)), name="showcase_verb_known")]

    def __str__(self) -> str:
        return self.get_verb_display()
