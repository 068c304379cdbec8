"""The kinds of parts of an experiment, by the word of their address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from circo.rules import number_in
from networks.models import (
    DiaryEntry,
    Experiment,
    ExperimentClass,
    ExperimentStep,
    Indicator,
    IndicatorPoint,
)


@dataclass(frozen=True)
class Kind:
    """`word` is that of the address, and the anchor of the page where parts of this kind stand."""

    word: str
    model: type[Model]
    adding: str
    changing: str
    removed: str
    path: str = "experiment"
    place: str = ""

    @property
    def anchor(self) -> str:
        return self.place or self.word


KINDS = {
    kind.word: kind
    for kind in (
        Kind("classes", ExperimentClass, "Ajouter une classe", "Changer la classe", "Classe retirée."),
        Kind("etapes", ExperimentStep, "Ajouter une étape", "Changer l’étape", "Étape retirée."),
        Kind("indicateurs", Indicator, "Ajouter un indicateur", "Changer l’indicateur", "Indicateur retiré."),
        Kind(
            "releves",
            IndicatorPoint,
            "Ajouter un relevé",
            "Changer le relevé",
            "Relevé retiré.",
            path="indicator__experiment",
            place="indicateurs",
        ),
        Kind("journal", DiaryEntry, "Écrire dans le journal", "Changer cette page", "Page retirée."),
    )
}


def just_removed(person: Any, experiment: Experiment, asked: str) -> tuple[Kind, int] | None:
    """Return the part that an address says was just removed, if it may still be put back."""
    word, _, number = asked.partition("-")
    kind = KINDS.get(word)
    pk = number_in(number)
    if kind is None or pk is None:
        return None
    rows = kind.model._default_manager.restorable_by(person)  # type: ignore[attr-defined]  # every part has it
    found = rows.filter(**{kind.path: experiment.pk}, pk=pk).exists()
    return (kind, pk) if found else None
