"""Which steps a person cannot take, for what they show was withdrawn or belongs to other circles."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from circo.models import Person
from networks.models import Salon
from trainings.models import Step
from trainings.paths.rules import StepKind
from videos.models import Film


def films_seen(steps: Iterable[Step], person: Person) -> set[object]:
    """The keys of the films of these steps that this person may watch now. One query."""
    ids = {one.film_id for step in steps for one in step.excerpts.all() if one.film_id}
    rows = Film.objects.visible_to(person).watchable().filter(pk__in=ids).order_by()
    return set(rows.values_list("pk", flat=True)) if ids else set()


def sealed(steps: Collection[Step], person: Person) -> set[int]:
    """The keys of the steps that show nothing to this person any more: two queries.

    `steps`: with their excerpts. A step of several excerpts is sealed once none of them can be seen. A grid names
    nobody: the path opens it to its learners.
    """
    films = films_seen(steps, person)
    asked = {step.salon_id for step in steps if step.kind == StepKind.SALON and step.salon_id}
    salons = set(Salon.objects.visible_to(person).filter(pk__in=asked).order_by().values_list("pk", flat=True))
    found = set()
    for step in steps:
        if step.kind in (StepKind.WATCH, StepKind.GRID) and not any(
            one.film_id in films for one in step.excerpts.all()
        ):
            found.add(step.pk)
        if step.kind == StepKind.SALON and step.salon_id not in salons:
            found.add(step.pk)
        if step.kind == StepKind.GRID and step.grid_id is None:
            found.add(step.pk)
    return found
