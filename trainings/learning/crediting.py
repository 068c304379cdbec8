"""The hours of a finished path: proposed once, at the announced minutes of what was done."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.hours import actions as hours
from circo.hours.recounting import Asked, Claim, Recounter
from circo.hours.rules import Category, Mode
from circo.models import Person
from trainings.models import Enrolment


def claim_of(enrolment: Enrolment) -> Claim:
    """What a finished path gives to its learner, before any cap. `enrolment`: with its person and version."""
    return Claim(
        person=enrolment.person,
        on=timezone.localdate(enrolment.completed_at),
        minutes=enrolment.credited_minutes,
        category=Category.TRAINING_FORMATION,
        mode=Mode.SELF_PACED,
        source=enrolment.hours_source,
        label=f"Parcours «\u00a0{enrolment.version.title}\u00a0»",
        path=reverse("trainings:path_show", args=[enrolment.path_id]),
    )


def claims(asked: Asked) -> Iterable[Claim]:
    """What the paths that these people finished on these days give. One query."""
    rows = Enrolment.objects.filter(person_id__in=asked.person_ids, completed_at__date__range=asked.days)
    return [claim_of(row) for row in rows.select_related("person", "version").order_by("completed_at", "pk")]


RECOUNTER = Recounter("trainings.enrolment", "Parcours", claims)


def credit(enrolment: Enrolment, by: Person) -> None:
    """Propose the hours of a finished path."""
    with suppress(Refusal):  # a school year that is not opened yet: « Rejouer les comptes » asks again
        hours.credit(by=by, **vars(claim_of(enrolment)))
