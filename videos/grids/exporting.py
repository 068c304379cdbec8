"""What was observed, as a table to take away: facts with their times, then the agreement."""

from __future__ import annotations

from circo.imports.exporting import to_csv
from videos import rules as film_rules
from videos.queries.comparing import ComparisonPage

__all__ = ["table", "to_csv"]


def table(page: ComparisonPage) -> list[list[str]]:
    """Lay out all notes in the order of the film, then the agreement by criterion."""
    notes = [
        [
            film_rules.timecode(entry.at_s),
            f"{entry.at_s:.1f}".replace(".", ","),
            str(entry.observation.observer),
            entry.criterion.label,
            entry.criterion.get_kind_display(),
            entry.answer,
            entry.text,
        ]
        for entry in page.entries
    ]
    figures = [
        [row.criterion.label, str(row.agreement.count), row.percent or "", row.kappa or "", row.why]
        for row in page.rows
    ]
    return [
        ["moment", "secondes", "observateur", "repère", "sorte", "réponse", "en quelques mots"],
        *notes,
        [],
        ["repère", "fenêtres comparées", "accord", "kappa", "remarque"],
        *figures,
        ["ensemble", str(page.whole.count), page.percent, page.kappa, page.why],
    ]
