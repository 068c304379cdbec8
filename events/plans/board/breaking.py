"""Which classes of a draft are held by somebody who, by now, may not take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from events.models import CoverNeed, CoverPlan
from events.plans import problems, queries
from events.plans.board import queries as board
from events.plans.problems import Situation


def broken_rules(plan: CoverPlan, needs: Sequence[CoverNeed]) -> dict[int, str]:
    """The rule that who takes a class breaks by now, class by class: somebody fell ill, or was kept apart since."""
    if not needs or not plan.is_draft:
        return {}
    by_pk = {need.pk: need for need in needs}
    held = queries.assignments(plan).filter(need__in=by_pk).values_list("need_id", "substitute_id")
    return broken(problems.situation_of(plan, needs), ((by_pk[pk], who) for pk, who in held))


def broken(situation: Situation, held: Iterable[tuple[CoverNeed, int]]) -> dict[int, str]:
    """The same, of classes and of who takes them, once the situation is read."""
    found = ((need.pk, situation.broken_rule(need, pk)) for need, pk in held)
    return {pk: str(rule) for pk, rule in found if rule is not None}


def classes(plan: CoverPlan, asked: board.Asked) -> QuerySet[CoverNeed]:
    """The classes that one asks for; only a computing tells those that hold no longer."""
    rows = board.classes(plan, asked)
    return rows.filter(pk__in=broken_rules(plan, list(rows))) if asked.state == board.BROKEN else rows
