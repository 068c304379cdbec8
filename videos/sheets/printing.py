"""A practice sheet as a document to print or to send."""

from __future__ import annotations

from circo.documents.letters.reports import Report, Section
from videos.queries.sheets import SheetPage


def report(page: SheetPage) -> Report:
    """Lay out a sheet; what was written stands as it was typed."""
    sheet = page.sheet
    about = [str(sheet.owner), sheet.get_subject_display()]
    about += [", ".join(sheet.levels_in_order)] if sheet.levels else []
    about += [f"{sheet.minutes}\u00a0minutes"] if sheet.minutes else []
    shown = [Section(title="À voir", text="\n".join(f"- {one.title}, {one.detail}" for one in page.shown))]
    return Report(
        heading=sheet.title,
        summary=" · ".join(about),
        sections=(*[Section(title=title, text=text) for title, text in page.parts], *(shown if page.shown else [])),
    )
