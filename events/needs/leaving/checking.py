"""The limit itself: a list that would empty a school is refused, unless an inspector lets it pass."""

from __future__ import annotations

from circo.errors import Refusal
from events.days.queries import rules_of
from events.models import SharingDay
from events.needs.leaving import queries
from events.needs.queries import facts_of

SCHOOLS_TOLD = 3  # in one refusal: the page names them all


def check(day: SharingDay) -> None:
    """Refuse a list by which a school would be left by too many, unless the inspector lets it pass.

    Raises: Refusal that names the schools, and whom to keep.
    """
    if not rules_of(day.district).is_leaving_limited:
        return
    over = [one for one in queries.crowded(facts_of(day)) if one.exception is None]
    if over:
        told = " ".join(one.words for one in over[:SCHOOLS_TOLD])
        more = len(over) - SCHOOLS_TOLD
        told += f" Et {more} autre{'s' if more > 1 else ''}." if more > 0 else ""
        raise Refusal(
            f"Trop d’enseignants quitteraient une même école. {told} Retirez-les de la liste, ou demandez à "
            "l’inspection une exception, sur la page des classes à prendre."
        )
