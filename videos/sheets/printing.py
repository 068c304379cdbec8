"""A practice sheet as a document to print or to send."""

from __future__ import annotations

from collections.abc import Sequence

from circo import writing
from circo.documents.letters.reports import Report, Section
from videos.queries.sheets import SheetPage


def report(page: SheetPage) -> Report:
    """Lay out a sheet as its page does; what is attached is named."""
    sheet = page.sheet
    about = [str(sheet.owner), sheet.get_subject_display()]
    about += [", ".join(sheet.levels_in_order)] if sheet.levels else []
    about += [f"{sheet.minutes}\u00a0minutes"] if sheet.minutes else []
    parts = [Section(title=title, blocks=tuple(writing.to_blocks(text))) for title, text in page.parts]
    shown = _listed("À voir", [f"{one.title}, {one.detail}" for one in page.shown])
    attached = _listed("Documents joints", [document.name for document in page.documents])
    return Report(heading=sheet.title, summary=" · ".join(about), sections=(*parts, *shown, *attached))


def _listed(title: str, lines: Sequence[str]) -> list[Section]:
    rows = [{"kind": "list_item", "inside": [{"kind": "text", "text": line}]} for line in lines]
    return [Section(title=title, blocks=({"kind": "bullet_list", "inside": rows},))] if rows else []
