"""The report of a visit as a document to print: for the pair."""

from __future__ import annotations

from circo.documents.letters.reports import Fact, ObservationReport
from networks.models import VisitReport


def letter(report: VisitReport) -> ObservationReport:
    """Lay out a report as its page does; `report` comes with its visit, place and people."""
    visit, site = report.visit, report.visit.site
    return ObservationReport(
        observers=(visit.visitor.get_full_name(),),
        observed=site.host.get_full_name(),
        day=visit.when,
        classroom=f"{', '.join(site.levels_in_order)}, {site.school.name} ({site.school.commune})",
        focus=visit.focus,
        context=report.context,
        facts=tuple(Fact(fact.get("at", ""), fact.get("pupils", ""), fact.get("teacher", "")) for fact in report.facts),
        keeps=report.keeps,
        questions=report.questions,
        analysis=report.answer,
        next_step=report.next_step,
        seen_by=seen_by(report),
    )


def seen_by(report: VisitReport) -> str:
    """Say who reads a report."""
    if report.group:
        return f"les deux personnes concernées, et le groupe «\u00a0{report.group}\u00a0»"
    if report.district:
        return f"les deux personnes concernées, et les collègues de la circonscription «\u00a0{report.district}\u00a0»"
    return "les deux personnes concernées"
