"""The verb of evaluations."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from events.evaluation import queries, rules
from events.models import Convocation, Evaluation


@transaction.atomic
def evaluate(*, convocation: Convocation, scales: Mapping[str, int], words: Mapping[str, str], by: Person) -> None:
    """Say what one thought of a day, once. That one did is kept with one's convocation; what one said, apart.

    Raises: Refusal if it is not one's own, one said it already, it is not the time, or nothing is said.
    """
    rows = Convocation.objects.of(by).filter(pk=convocation.pk).select_related("day")
    held = rows.select_for_update(of=("self",)).first()
    if held is None or not queries.may_evaluate(held.day, held):
        is_done = held is not None and held.has_evaluated
        raise Refusal("Vous avez déjà donné votre avis." if is_done else "On ne donne pas d’avis en ce moment.")
    said = {name: text.strip()[: rules.WORDS_MAX] for name, text in words.items()}
    if not scales and not any(said.values()):
        raise Refusal("Répondez à une question au moins, ou écrivez un mot.")
    Evaluation.objects.create(day=held.day, **scales, **said)
    # Not `save()`: the date of its last change would tell when.
    Convocation.objects.filter(pk=held.pk).update(has_evaluated=True)
