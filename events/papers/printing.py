"""The plan of some days, and the statement of a month, as letters."""

from __future__ import annotations

from circo.documents.letters import Sender
from circo.documents.letters.reports import Covered, Report, Section
from circo.documents.letters.reports import CoverPlan as PlanLetter
from circo.documents.rules import weekday
from circo.models import Person
from events.brigade import queries as brigade
from events.models import CoverAssignment, CoverNeed, CoverPlan
from events.papers import queries, rules
from events.papers.rules import Month, Statement
from events.plans import queries as plans
from events.plans.rules import euros, km

HEADER = ("École", "Quand", "Distance", "ISSR du jour")


def plan_letters(plan: CoverPlan) -> list[PlanLetter]:
    """One sheet a day, as far as the reader of the plan sees it."""
    held = {one.need_id: one for one in plans.assignments(plan)}
    homes = {
        one.person.pk: one.school.name for one in brigade.members(brigade.posts([plan.departement_id], _first(plan)))
    }
    reasons, needs = plans.reasons_of(plan), list(plans.needs_of(plan))
    return [
        PlanLetter(
            day=weekday(day.on),
            reason=f"{day.title}, {day.district.name}",
            state=plan.get_state_display(),
            reference=f"{plan}",
            rows=tuple(
                _covered(need, held.get(need.pk), homes, reasons.get(str(need.pk), ()))
                for need in sorted(needs, key=lambda one: (one.school.commune, one.school.name, one.pk))
                if need.day_id == day.pk
            ),
            sender=Sender(subline=day.district.departement.name),
        )
        for day in plan.days
    ]


def _first(plan: CoverPlan):
    return min(day.on for day in plan.days)


def _covered(need: CoverNeed, one: CoverAssignment | None, homes: dict[int, str], why) -> Covered:
    size = f", {need.class_size} élèves" if need.class_size else ""
    shown = {
        "half_day": need.get_span_display(),
        "teacher": ", ".join(str(person) for person in need.people.all()),
        "school": str(need.school),
        "levels": f"{need.levels_words}{size}",
    }
    if one is None:
        return Covered(**shown, note=" ".join(why))
    guess = " (estimation)" if one.is_estimate and one.metres else ""
    far = f", {km(one.metres)}{guess}" if one.metres is not None else ""
    note = f"ISSR {euros(one.cents)}, estimation" if one.cents else ""
    return Covered(
        **shown,
        substitute=str(one.substitute),
        attached_to=f"{homes.get(one.substitute_id, '')}{far}",
        note=note,
    )


def statement_letter(who: Person, month: Month, found: Statement) -> Report:
    """The statement of one substitute and month."""
    planned = f"\nDes jours à venir, non comptés\u00a0: {euros(found.planned_cents)}." if found.planned_cents else ""
    rows = tuple(
        (one.school, f"{day.on:%d/%m}, {one.moment}", queries.far(one), euros(day.cents) if number == 0 else "")
        for day in found.days
        for number, one in enumerate(day.parts)
        if not day.is_planned
    )
    return Report(
        heading=f"Remplacements et ISSR estimée, {month}",
        summary=f"{who}\n{rules.ESTIMATE}{planned}",
        figures=((str(found.worked), "jours de remplacement"), (euros(found.cents), "d’ISSR estimée")),
        sections=(Section("Jour par jour", header=HEADER, rows=rows) if rows else Section("Aucun jour", "Rien."),),
    )
