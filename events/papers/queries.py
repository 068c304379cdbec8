"""Reads of statements: what a substitute took in a month, and all those of the brigades that one manages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.models import Person
from events.models import CoverAssignment
from events.papers import rules
from events.papers.rules import Month, Statement, Worked
from events.plans.rules import km


def _missions(month: Month) -> QuerySet[CoverAssignment]:
    rows = CoverAssignment.objects.held().filter(need__day__on__range=(month.first, month.last))
    return rows.select_related("need__day", "need__school", "substitute").order_by("need__day__on", "pk")


def readable(reader: Person, month: Month) -> QuerySet[CoverAssignment]:
    """The missions of a month in the brigades that one manages."""
    managed = reader.reach().departement_ids_for(Permission.MANAGE_BRIGADE)
    return _missions(month).filter(plan__departement_id__in=managed)


def substitute_of(reader: Person, pk: int) -> Person | None:
    """Whose statement it is, if one reads it: one's own, or that of somebody who takes classes in one's brigade."""
    if reader.pk == pk:
        return reader
    managed = reader.reach().departement_ids_for(Permission.MANAGE_BRIGADE)
    held = CoverAssignment.objects.filter(substitute_id=pk, is_in_force=True, plan__departement_id__in=managed)
    return Person.objects.get_queryset().filter(pk=pk).first() if held.exists() else None


def statement(reader: Person, substitute: Person, month: Month) -> Statement:
    """The statement of one substitute and month, as this person reads it."""
    rows = _missions(month) if reader == substitute else readable(reader, month)
    return _statement(rows.filter(substitute=substitute))


def _statement(rows: Iterable[CoverAssignment]) -> Statement:
    return rules.statement_of((_worked(one) for one in rows), timezone.localdate())


def _worked(one: CoverAssignment) -> Worked:
    return Worked(
        on=one.need.day.on,
        moment=one.need.get_span_display(),
        school=str(one.need.school),
        metres=one.metres,
        is_estimate=one.is_estimate,
        cents=one.cents,
    )


def statements(reader: Person, month: Month) -> list[tuple[Person, Statement]]:
    """All the statements of a month that one manages, by name. One query."""
    by_substitute: dict[Person, list[CoverAssignment]] = {}
    for one in readable(reader, month):
        by_substitute.setdefault(one.substitute, []).append(one)
    ordered = sorted(by_substitute, key=lambda who: (who.last_name, who.first_name, who.pk))
    return [(who, _statement(by_substitute[who])) for who in ordered]


EXPORTED = ("remplaçant", "mail", "date", "moment", "ecole", "distance_km", "distance_estimee", "issr_estimee_euros")


def exported(found: Iterable[tuple[Person, Statement]]) -> list[Sequence[object]]:
    """Statements as a table, one line a class; the ISSR of a day stands on its first line. No day to come."""
    lines: list[Sequence[object]] = [EXPORTED]
    for who, held in found:
        for day in (day for day in held.days if not day.is_planned):
            for number, one in enumerate(day.parts):
                far = "" if one.metres is None else f"{one.metres / 1000:.1f}".replace(".", ",")
                paid = f"{day.cents / 100:.2f}".replace(".", ",") if number == 0 else ""
                guess = "oui" if one.is_estimate else "non"
                lines.append((str(who), who.email, f"{day.on:%d/%m/%Y}", one.moment, one.school, far, guess, paid))
    return lines


def far(one: Worked) -> str:
    """How far a school is, in words."""
    if one.metres is None:
        return ""
    return f"{km(one.metres)} (estimation)" if one.is_estimate and one.metres else km(one.metres)
