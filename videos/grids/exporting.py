"""What was observed, as a table to take away: facts with their times, then the agreement."""

from __future__ import annotations

from circo.documents.letters.reports import Report, Section
from videos import rules as film_rules
from videos.queries.comparing import ComparisonPage


def report(page: ComparisonPage) -> Report:
    """Write the looks that are shown to all as a document: facts with their times, no mark, no judgement."""
    row = page.round
    about = [f"Film : «\u00a0{row.film.title}\u00a0», {row.part}.", f"Avec {_names(page)}."]
    if row.focus:
        about.append(f"Convenu de regarder\u00a0: {row.focus}")
    figures = [(page.percent, "d’accord entre les regards")] if page.percent else []
    figures += [(page.kappa, page.kappa_name)] if page.kappa else []
    notes = tuple(
        (
            entry.criterion.label,
            film_rules.timecode(entry.at_s),
            " ".join(filter(None, [entry.answer, entry.text])),
            str(entry.observation.observer),
        )
        for entry in page.entries
    )
    agreements = tuple((one.criterion.label, one.agreed, one.kappa or "–") for one in page.rows)
    return Report(
        heading=f"Compte rendu d’observation\u00a0: {row.grid.title}",
        summary="Ce compte rendu n’évalue personne. Il appartient aux personnes qui ont observé, et à celle qui a "
        "ouvert sa classe. Les chiffres disent si l’on a regardé de la même façon, rien d’autre.",
        figures=tuple(figures),
        sections=(
            Section(title="La séance", text="\n\n".join(about)),
            Section(title="Les notes", header=("Repère", "Moment", "Ce qui a été noté", "Par"), rows=notes),
            Section(title="L’accord", header=("Repère", "Accord", "Kappa"), rows=agreements),
        ),
    )


def _names(page: ComparisonPage) -> str:
    return ", ".join(str(one.observer) for one in page.observations)


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
        ["moment", "secondes", "qui observe", "repère", "sorte", "réponse", "en quelques mots"],
        *notes,
        [],
        ["repère", "fenêtres comparées", "accord", "kappa", "remarque"],
        *figures,
        ["ensemble", str(page.whole.count), page.percent, page.kappa, page.why],
    ]
