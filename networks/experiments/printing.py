"""An experiment on paper, as the innovation unit (CARDIE) reads it: the sheet of the project, then its review."""

from __future__ import annotations

from collections.abc import Mapping

from circo import writing
from circo.documents import rules as paper_rules
from circo.documents.letters.reports import Indicator as PaperIndicator
from circo.documents.letters.reports import ProjectSheet
from networks.experiments import drawing, queries, rules
from networks.experiments.queries import Page
from networks.models import Indicator


def sheet(page: Page, *, is_review: bool) -> ProjectSheet:
    """Lay out an experiment: its review says what was found as well."""
    one = page.experiment
    return ProjectSheet(
        project=one.title,
        is_review=is_review,
        schools=tuple(dict.fromkeys(str(row.school) for row in page.classes)),
        team=tuple(str(member) for member in queries.members_of(one.group_id)),
        classes=tuple(str(row) for row in page.classes),
        referent=str(one.referent or ""),
        finding=_prose(one.finding),
        question=_prose(one.question),
        hypothesis=_prose(one.hypothesis),
        objectives=tuple(line.strip() for line in one.objectives.splitlines() if line.strip()),
        actions=tuple(step.title for step in page.steps),
        derogation=_derogation(page),
        indicators=_indicators(page.indicators, is_review=is_review),
        calendar=tuple((paper_rules.day(step.due_on), step.title) for step in page.steps),
        school_council=f"consulté le {paper_rules.day(one.council_on)}" if one.council_on else "",
        outcome=_prose(one.outcome if is_review else ""),
        keeps=_prose(one.keeps if is_review else ""),
    )


def _prose(text: str) -> tuple[Mapping[str, object], ...]:
    return tuple(writing.to_blocks(text))


def _derogation(page: Page) -> str:
    one = page.experiment
    if one.derogation:
        return f"{one.derogation.reference}, {one.derogation.authority}"
    return "demandée" if one.asks_derogation else ""


def _indicators(indicators: list[Indicator], *, is_review: bool) -> tuple[PaperIndicator, ...]:
    lines = drawing.lines([drawing.measured_of(one) for one in indicators])
    return tuple(
        PaperIndicator(
            name=one.name,
            before=_value(one, "before"),
            after=(_value(one, "after") or one.why_missing) if is_review else "",
            drawing=drawing.on_paper(line) if is_review else "",
            summary=line.summary,
        )
        for one, line in zip(indicators, lines, strict=True)
    )


def _value(one: Indicator, name: str) -> str:
    value, on = getattr(one, name), getattr(one, f"{name}_on")
    if value is None:
        return ""
    return rules.with_unit(value, one.unit) + (f" ({on:%d/%m/%Y})" if on else "")
