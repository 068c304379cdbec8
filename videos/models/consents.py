"""Who can be recognised in a recording, who agreed, on which signed paper; and who is absent from one film."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from circo.models import Person
from videos.consents import rules
from videos.consents.rules import NO, Answer, Basis
from videos.models.projects import RecordingProject

if TYPE_CHECKING:
    from circo.access import Anyone


def _decided(kind: Basis, today: date) -> Q:
    """The project follows a decision of that kind, in force today."""
    held = Q(project__decision__ends_on=None) | Q(project__decision__ends_on__gte=today)
    return Q(project__decision__kind=kind, project__decision__starts_on__lte=today) & held


class RecordedQuerySet(models.QuerySet["Recorded"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(project__in=RecordingProject.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def not_agreeing(self, today: date) -> Self:
        """Those who may not be shown today: `rules.agrees`, in SQL."""
        answers = Agreement.objects.filter(recorded=OuterRef("pk")).order_by()
        holding = Q(answer=Answer.AGREED) & (Q(ends_on=None) | Q(ends_on__gte=today))
        one_holder, public_task = _decided(Basis.ONE_HOLDER, today), _decided(Basis.PUBLIC_TASK, today)
        nobody_agreed, somebody_lacks = Q(~Exists(answers.filter(holding))), Q(Exists(answers.exclude(holding)))
        unsigned = Q(pupil=True, assented=False) | nobody_agreed | ~one_holder & somebody_lacks
        # Without a decision, who refuses is among those who lack: the third look-up is spared.
        refused = Q(Exists(answers.filter(answer__in=NO)))
        return self.filter(~public_task & unsigned | Q(project__decision__isnull=False) & refused)


class Recorded(models.Model):
    """Somebody who can be recognised: an adult by name, a pupil by initials alone."""

    project = models.ForeignKey(RecordingProject, models.CASCADE, related_name="people", verbose_name="projet")
    pupil = models.BooleanField("élève")
    label = models.CharField("nom ou initiales", max_length=80)
    assented = models.BooleanField("l’élève est d’accord", default=False)

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = "personne filmée"
        verbose_name_plural = "personnes filmées"
        ordering = ["pupil", "label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "label"],
                name="recorded_once",
                violation_error_message="Cette personne est déjà dans la liste.",
            ),
            # A last wall against a name: `rules.initials` writes at most « A. B. C. 9 ».
            models.CheckConstraint(
                condition=Q(pupil=False) | Q(label__regex=r"^[^0-9. ]\.( [^0-9. ]\.){1,2}( [1-9])?$"),
                name="pupil_by_initials_alone",
                violation_error_message="Un élève est désigné par ses initiales.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    # These read answers that a query has fetched beforehand.
    @property
    def said_no(self) -> bool:
        return any(one.answer in NO for one in self.agreements.all())

    def paper(self) -> Scan | None:
        """The signed paper that counts: nobody has said no since."""
        noes = [one.answered_at for one in self.agreements.all() if one.answer in NO]
        return next((one for one in self.scans.all() if all(at and at < one.created_at for at in noes)), None)

    @property
    def took_back(self) -> bool:
        return any(one.answer == Answer.WITHDRAWN for one in self.agreements.all())

    @property
    def signed_count(self) -> int:
        return sum(one.answer == Answer.AGREED for one in self.agreements.all())

    @property
    def is_unanswered(self) -> bool:
        return all(one.answer == Answer.PENDING for one in self.agreements.all())


class Scan(models.Model):
    """A signed paper, photographed or scanned. Its file bears a name of ours; the teacher alone opens it."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        JPEG = "jpg", "photo"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded = models.ForeignKey(Recorded, models.CASCADE, related_name="scans", verbose_name="personne filmée")
    kind = models.CharField("sorte", max_length=3, choices=Kind)
    size_bytes = models.PositiveIntegerField("taille en octets")
    created_at = models.DateTimeField("joint le", auto_now_add=True)

    class Meta:
        verbose_name = "formulaire signé"
        verbose_name_plural = "formulaires signés"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(recorded__in=Recorded.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class Agreement(models.Model):
    """The answer of one person who may sign: an adult for oneself, or a holder of parental authority for a pupil."""

    class Answers(models.TextChoices):
        PENDING = Answer.PENDING, "en attente"
        AGREED = Answer.AGREED, "d’accord"
        REFUSED = Answer.REFUSED, "refus"
        WITHDRAWN = Answer.WITHDRAWN, "accord retiré"

    recorded = models.ForeignKey(Recorded, models.CASCADE, related_name="agreements", verbose_name="personne filmée")
    number = models.PositiveSmallIntegerField("rang", default=1)
    answer = models.CharField("réponse", max_length=9, choices=Answers, default=Answers.PENDING)
    signed_on = models.DateField("signé le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    scan = models.ForeignKey(Scan, models.RESTRICT, null=True, blank=True, related_name="agreements")
    answered_at = models.DateTimeField("réponse notée le", null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")  # none: the link
    key = models.CharField("secret du lien de retrait", max_length=40, unique=True, default=rules.new_key)

    objects = AgreementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["key"])

    class Meta:
        verbose_name = "accord"
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["recorded", "number"], name="agreement_once_per_holder"),
            models.CheckConstraint(
                condition=~Q(answer=Answer.AGREED) | Q(signed_on__isnull=False, scan__isnull=False),
                name="agreement_proved_by_a_paper",
                violation_error_message="Un accord se prouve : joignez le formulaire signé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recorded} {self.number}"


class Absence(models.Model):
    """Somebody of the project who cannot be recognised in this one film."""

    class How(models.TextChoices):
        ABSENT = "ABSENT", "n’apparaît pas"
        BLURRED = "BLURRED", "est flouté"

    film = models.ForeignKey("videos.Film", models.CASCADE, related_name="absences", verbose_name="film")
    recorded = models.ForeignKey(Recorded, models.CASCADE, related_name="absences", verbose_name="personne filmée")
    how = models.CharField("comment", max_length=7, choices=How)
    marked_at = models.DateTimeField("noté le", auto_now_add=True)

    class Meta:
        verbose_name = "absence d’un film"
        verbose_name_plural = "absences des films"
        constraints = [models.UniqueConstraint(fields=["film", "recorded"], name="absence_once")]

    def __str__(self) -> str:
        return f"{self.recorded} {self.get_how_display()}"
