"""The report of a pair: written by the visitor, given to the host, opened by the host alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import District, Person
from networks.models import MutualisationGroup, Visit, VisitReport
from networks.visits import moving, queries, rules, telling
from networks.visits.rules import Actor

NOT_YOURS = "Ce compte rendu appartient à deux autres personnes."
TEXTS = ("context", "keeps", "questions", "next_step")


class Stale(Refusal):
    """It was written in another tab meanwhile; it is at that version by now."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "Ce compte rendu a été écrit dans une autre fenêtre. Votre texte est ci-dessous, l’autre sur la page du "
            "compte rendu : réunissez-les, puis enregistrez de nouveau."
        )
        self.version = version


@dataclass(frozen=True)
class ReportText:
    """All that a visitor writes. A fact has a time, what pupils do, what the teacher does."""

    context: str = ""
    facts: Sequence[dict[str, str]] = ()
    keeps: str = ""
    questions: str = ""
    next_step: str = ""


@transaction.atomic
def write_report(*, visit: Visit, text: ReportText, version: int, by: Person) -> VisitReport:
    """Write the report of one's visit, a draft until it is given. What the host had opened closes.

    Raises: Refusal for anybody but the visitor, or before the visit; Stale if another tab wrote it since `version`.
    """
    held = moving.locked(visit)
    if moving.actor_of(held, by) is not Actor.VISITOR:
        raise Refusal("C’est la personne qui est venue qui écrit le compte rendu.")
    moving.hold_if_over(held, timezone.now())
    if held.state not in rules.DONE:
        raise Refusal("Le compte rendu s’écrit une fois la visite faite.")
    report = VisitReport.objects.select_for_update(of=("self",)).filter(visit=held).first() or VisitReport(visit=held)
    if report.version != version:
        raise Stale(report.version)
    written = _words_of(report)
    for name in TEXTS:
        setattr(report, name, getattr(text, name).strip())
    report.facts = [fact for fact in text.facts if any(fact.values())][: rules.FACTS_MAX]
    report.version += 1
    if report.is_opened and _words_of(report) != written:
        report.group = report.district = None
        telling.report_changed(held)
    report.save()
    return report


def _words_of(report: VisitReport) -> list[object]:
    return [report.facts, *(getattr(report, name) for name in TEXTS)]


@transaction.atomic
def give_report(*, report: VisitReport, by: Person) -> VisitReport:
    """Give one's report to the host to read. Giving it again changes nothing.

    Raises: Refusal for anybody but the visitor, or if nothing is written.
    """
    held, visit = _locked(report)
    if moving.actor_of(visit, by) is not Actor.VISITOR:
        raise Refusal(NOT_YOURS)
    if held.given_at:
        return held
    if not any(_words_of(held)):
        raise Refusal("Ce compte rendu est encore vide.")
    held.given_at = timezone.now()
    held.save(update_fields=["given_at", "updated_at"])
    moving.move(visit, "report", Actor.VISITOR)
    telling.report_given(visit)
    return held


@transaction.atomic
def answer_report(*, report: VisitReport, answer: str, by: Person) -> VisitReport:
    """Add one's own words, as the host, to the report that one was given.

    Raises: Refusal for anybody else.
    """
    held, visit = _locked(report)
    if moving.actor_of(visit, by) is not Actor.HOST or not held.given_at:
        raise Refusal(NOT_YOURS)
    held.answer = answer.strip()
    held.save(update_fields=["answer", "updated_at"])
    if held.answer:
        telling.report_answered(visit)
    return held


@transaction.atomic
def open_report(*, report: VisitReport, circle: MutualisationGroup | District | None, by: Person) -> VisitReport:
    """Open the report of one's own class to one's group or district, or close it again: the observed teacher alone.

    Raises: Refusal for anybody else, or for a circle that is not one's own.
    """
    held, visit = _locked(report)
    if moving.actor_of(visit, by) is not Actor.HOST or not held.given_at:
        raise Refusal("C’est la personne observée qui ouvre un compte rendu, et personne d’autre.")
    if circle is not None and circle not in queries.circles_of(by):
        raise Refusal("Choisissez l’un de vos cercles.")
    held.group = circle if isinstance(circle, MutualisationGroup) else None
    held.district = circle if isinstance(circle, District) else None
    held.save(update_fields=["group", "district", "updated_at"])
    if circle is not None:
        telling.report_opened(visit)
    return held


def _locked(report: VisitReport) -> tuple[VisitReport, Visit]:
    visit = moving.locked(report.visit)
    held = VisitReport.objects.select_for_update(of=("self",)).select_related("group", "district").get(pk=report.pk)
    held.visit = visit
    return held, visit
