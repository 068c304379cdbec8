"""The looks side by side: tables, timelines and figures, once they are shown to all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from circo.models import Person
from videos.grids import rules
from videos.grids.rules import Agreement, Kind, Mark
from videos.models import Criterion, Entry, Observation, ObservationRound


@dataclass(frozen=True)
class Lane:
    """One observer's notes for one criterion. `marks` are (place on the timeline, entry) pairs."""

    observer: Person
    finished: bool
    total: str
    marks: list[tuple[str, Entry]]


@dataclass(frozen=True)
class Row:
    """One criterion as all have noted it."""

    criterion: Criterion
    lanes: list[Lane]
    agreement: Agreement
    is_compared: bool
    is_noted: bool  # by one at least of those who have finished

    @property
    def percent(self) -> str:
        return percent(self.agreement)

    @property
    def agreed(self) -> str:
        """The share of agreement in a cell, or why there is none."""
        return self.percent or ("–" if self.is_noted else "rien noté")

    @property
    def kappa(self) -> str:
        return kappa(self.agreement)

    @property
    def why(self) -> str:
        """Why there is no kappa."""
        return (
            rules.why_no_kappa(self.agreement) if self.is_compared else "Une note libre se lit, elle ne se compte pas."
        )


@dataclass(frozen=True)
class ComparisonPage:
    """All that was noted, by criterion and in the order of the film."""

    round: ObservationRound
    observations: list[Observation]
    rows: list[Row]
    whole: Agreement
    entries: list[Entry]  # with their observer

    @property
    def finished_count(self) -> int:
        return sum(1 for one in self.observations if one.finished_at)

    @property
    def percent(self) -> str:
        return percent(self.whole)

    @property
    def kappa(self) -> str:
        return kappa(self.whole)

    @property
    def kappa_name(self) -> str:
        return "kappa de Cohen" if self.finished_count == 2 else "kappa de Fleiss"

    @property
    def why(self) -> str:
        return rules.why_no_kappa(self.whole)


def percent(found: Agreement) -> str:
    """Write a share of agreement, or nothing."""
    return "" if found.percent is None else f"{found.percent:.0f}\u00a0%"


def kappa(found: Agreement) -> str:
    """Write a kappa as French writes it, or nothing."""
    return "" if found.kappa is None else f"{found.kappa:.2f}".replace(".", ",").replace("-", "−")


def comparison_page(row: ObservationRound, person: Person) -> ComparisonPage:
    """Read the looks of `row`, one of `rounds(person)`, shown to all by now. Who had not finished does not count."""
    seen = Observation.objects.visible_to(person).filter(round_id=row.pk).select_related("observer")
    observations = list(seen.fetch_mode(models.FETCH_RAISE))
    entries = list(
        Entry.objects.visible_to(person)
        .filter(observation__round_id=row.pk)
        .select_related("criterion", "observation__observer")
        .fetch_mode(models.FETCH_RAISE)
    )
    rows = [_row(row, criterion, observations, entries) for criterion in row.grid.criteria.all()]
    return ComparisonPage(
        round=row,
        observations=observations,
        rows=rows,
        whole=rules.pooled([one.agreement for one in rows]),
        entries=entries,
    )


def _row(row: ObservationRound, criterion: Criterion, observations: list[Observation], entries: list[Entry]) -> Row:
    by_observer = {
        one.pk: [entry for entry in entries if entry.observation_id == one.pk and entry.criterion_id == criterion.pk]
        for one in observations
    }
    kind = Kind(criterion.kind)
    compared = kind in rules.COMPARED
    looks = [[_mark(entry) for entry in by_observer[one.pk]] for one in observations if one.finished_at]
    return Row(
        criterion=criterion,
        lanes=[
            Lane(
                one.observer,
                one.finished_at is not None,
                _total(criterion, by_observer[one.pk]),
                _placed(row, by_observer[one.pk]),
            )
            for one in observations
        ],
        agreement=rules.compared(kind, looks, begin_s=row.begin_s, end_s=row.end_s) if compared else Agreement(),
        is_compared=compared,
        is_noted=any(looks),
    )


def _mark(entry: Entry) -> Mark:
    return Mark(entry.at_s, 1 if entry.value is None else entry.value)


def _total(criterion: Criterion, entries: list[Entry]) -> str:
    """What one observer noted, in a word: a number, or the last answer."""
    if criterion.answers:
        return max(entries, key=lambda entry: (entry.at_s, entry.pk)).answer if entries else "pas de réponse"
    return str(len(entries))


def _placed(row: ObservationRound, entries: list[Entry]) -> list[tuple[str, Entry]]:
    length = row.end_s - row.begin_s
    return [(f"{min(max(100 * (entry.at_s - row.begin_s) / length, 0), 100):.2f}%", entry) for entry in entries]
