"""Verbs of the words on a path: leave one, take it away, hide one that has no place there."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from trainings.catalogue import queries
from trainings.learning import telling
from trainings.learning.queries.way import way
from trainings.models import Enrolment, PathReview

TOO_SOON = "Vous pourrez laisser un mot quand vous aurez fait la moitié de ce parcours."
NOT_YOURS = "Ce mot n’est pas de ceux que vous pouvez masquer."
GONE = "Ce mot ne peut plus être remis."


@transaction.atomic
def say(*, enrolment: Enrolment, keeps: str, advice: str, is_signed: bool, by: Person) -> PathReview:
    """Leave a word on a path, or write it again. What the team has hidden stays hidden until it shows it again.

    Raises: Refusal without a word, or for who has not done half of the path.
    """
    rows = Enrolment.objects.editable_by(by).select_for_update(of=("self",), no_key=True).select_related("version")
    found = rows.filter(pk=enrolment.pk).first()
    if found is None or not queries.may_say(way(found.version, by, found)):
        raise Refusal(TOO_SOON)
    if not keeps.strip():
        raise Refusal("Écrivez quelques mots.")
    review = PathReview.objects.filter(enrolment=found).first() or PathReview(enrolment=found)
    review.keeps, review.advice, review.is_signed = keeps.strip(), advice.strip(), is_signed
    review.removed_at = None
    review.save()
    return review


@transaction.atomic
def remove(*, review: PathReview, by: Person) -> PathReview:
    """Take one's word away; `restore` brings it back for some minutes."""
    held = PathReview.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=review.pk).first()
    if held is None:
        raise Refusal(GONE)
    held.removed_at = timezone.now()
    held.save(update_fields=["removed_at"])
    return held


@transaction.atomic
def restore(*, review: PathReview, by: Person) -> PathReview:
    """Bring back the word that one has just taken away.

    Raises: Refusal if it was too long ago.
    """
    held = PathReview.objects.restorable_by(by).select_for_update(of=("self",)).filter(pk=review.pk).first()
    if held is None:
        raise Refusal(GONE)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    return held


@transaction.atomic
def hide(*, review: PathReview, reason: str, by: Person) -> PathReview:
    """Hide a word for a reason, that its writer reads.

    Raises: Refusal without a reason, or if `by` does not moderate it.
    """
    held = _moderated(review, by)
    if not reason.strip():
        raise Refusal("Dites en une phrase pourquoi ce mot est masqué\u00a0: la personne qui l’a écrit la lira.")
    held.hidden_at, held.hidden_by, held.hidden_reason = timezone.now(), by, reason.strip()
    held.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    telling.review_hidden(held)
    return held


@transaction.atomic
def show(*, review: PathReview, by: Person) -> PathReview:
    """Show a hidden word again.

    Raises: Refusal if `by` does not moderate it.
    """
    held = _moderated(review, by)
    held.hidden_at, held.hidden_by, held.hidden_reason = None, None, ""
    held.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    return held


def _moderated(review: PathReview, by: Person) -> PathReview:
    rows = PathReview.objects.moderated_by(by).select_for_update(of=("self",))
    held = rows.select_related("enrolment__person", "enrolment__version").filter(pk=review.pk).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    return held
