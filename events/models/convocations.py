"""Who is called to a sharing day, and what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import Half
from circo.models import District, IssuedDocument, Person
from circo.rules import worded
from events.convening import rules
from events.convening.rules import Answer, ConvocationState, Reason
from events.models.days import SharingDay

if TYPE_CHECKING:
    from circo.access import Anyone


class ConvocationQuerySet(models.QuerySet["Convocation"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own once it was sent, and those of the days that one prepares."""
        if not person.is_authenticated:
            return self.none()
        prepared = person.reach().district_ids_for(Permission.PREPARE_DAYS)
        return self.filter(Q(person_id=person.pk, sent_at__isnull=False) | Q(day__district_id__in=prepared))

    def editable_by(self, person: Anyone) -> Self:
        """Those of the days that one prepares: who is called, not what they answer."""
        return self.filter(day__district_id__in=person.reach().district_ids_for(Permission.PREPARE_DAYS))

    def of(self, person: Anyone) -> Self:
        """One's own, once it was sent."""
        return self.filter(person_id=person.pk, sent_at__isnull=False) if person.pk else self.none()

    def away_from(self, person: Anyone) -> Self:
        """Those of people of the districts whose team one belongs to, called to a day of another district."""
        return self.filter(guest_of__in=person.reach().district_ids_for(Permission.VIEW_TEAM)).called()

    def standing(self) -> Self:
        """All but those taken out."""
        return self.exclude(state=ConvocationState.WITHDRAWN)

    def called(self) -> Self:
        """Those that were sent and hold."""
        return self.filter(state__in=rules.CALLED)

    def documents(self) -> models.QuerySet[IssuedDocument]:
        """What was issued for these."""
        return IssuedDocument.objects.filter(pk__in=self.order_by().values("document_id"))

    def certificates(self) -> models.QuerySet[IssuedDocument]:
        """The certificates of presence issued for these."""
        return IssuedDocument.objects.filter(pk__in=self.order_by().values("certificate_id"))

    def coming(self) -> Self:
        """Who was called, and has not said that they cannot come."""
        return self.called().exclude(answer=Answer.CANNOT)


def _states() -> Q:
    """The database's own form of the life of a convocation. One that is withdrawn keeps what it had."""
    return (
        Q(state=ConvocationState.PREPARED, sent_at=None, answer="")
        | Q(state=ConvocationState.SENT, sent_at__isnull=False, answer="")
        | Q(state=ConvocationState.ANSWERED, sent_at__isnull=False, answered_at__isnull=False) & ~Q(answer="")
        | Q(state=ConvocationState.WITHDRAWN, withdrawn_at__isnull=False)
    )


class Convocation(models.Model):
    """One person called to one day."""

    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="convocations", verbose_name="journée")
    person = models.ForeignKey(Person, models.CASCADE, related_name="convocations", verbose_name="personne")
    is_guest = models.BooleanField("invitée à la main", default=False)
    guest_of = models.ForeignKey(
        District, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="vient de la circonscription"
    )  # of whoever works in another one than that of the day
    state = models.CharField(
        "état", max_length=9, choices=worded(rules.STATE_LABELS), default=ConvocationState.PREPARED.value
    )
    answer = models.CharField("réponse", max_length=9, choices=worded(rules.ANSWER_LABELS), blank=True)
    reason = models.CharField("raison", max_length=8, choices=worded(rules.REASON_LABELS), blank=True)
    word = models.CharField("un mot", max_length=rules.WORD_MAX, blank=True)
    document = models.ForeignKey(
        IssuedDocument, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="document délivré"
    )
    certificate = models.ForeignKey(
        IssuedDocument, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="attestation délivrée"
    )
    prepared_at = models.DateTimeField("mise sur la liste le", default=timezone.now)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    sent_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="envoyée par"
    )
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    reminded_at = models.DateTimeField("relancée le", null=True, blank=True)
    had_first_wish = models.BooleanField("a eu un premier vœu d’atelier", null=True, blank=True)
    has_evaluated = models.BooleanField("a donné son avis", default=False)  # which one, nobody knows
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of iCalendar, with that of the day
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConvocationQuerySet.as_manager()

    class Meta:
        ordering = ["person__last_name", "person__first_name", "pk"]
        indexes = [models.Index(fields=["person", "state"], name="convocation_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["day", "person"], name="convocation_once"),
            models.CheckConstraint(condition=_states(), name="convocation_states"),
            models.CheckConstraint(
                condition=Q(answer__in=("", Answer.COMES.value), reason="") | ~Q(answer__in=("", Answer.COMES.value)),
                name="convocation_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.day.on:%d/%m/%Y}"

    @property
    def halves(self) -> tuple[Half, ...]:
        """The half-days kept for it."""
        return rules.halves_of(self.answer)

    @property
    def own_answer(self) -> str:
        """The answer, as whoever gave it says it."""
        return rules.OWN_ANSWER_LABELS[Answer(self.answer)] if self.answer else ""

    @property
    def is_called(self) -> bool:
        return self.state in rules.CALLED

    @property
    def reason_words(self) -> str:
        said = rules.REASON_LABELS[Reason(self.reason)] if self.reason else ""
        return f"{said}\u00a0: {self.word}" if said and self.word else said or self.word
