"""Tables that we write: the templates to fill in, and a report. No cell of ours can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from circo.imports.columns import Column
from circo.imports.rules import FORMULA_STARTS


def safe(cell: object) -> str:
    """A cell that every spreadsheet takes for text.

    Source: OWASP, « CSV injection »: an apostrophe before what could begin a formula.
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def to_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV that French spreadsheets open with its accents: `;` and UTF-8 with its mark."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [safe(cell) for cell in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: dict[str, Iterable[Sequence[object]]]) -> bytes:
    """A workbook whose cells are all text, the first row of each sheet in bold."""
    workbook = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for number, row in enumerate(rows):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=safe(value))
                cell.data_type, cell.number_format = "s", "@"
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def template(columns: Sequence[Column], kind: str) -> bytes:
    """The table to fill in, with one line as an example, as `csv` or `xlsx`."""
    shown = [column for column in columns if column.in_template]
    table = [[column.title for column in shown], [column.example for column in shown]]
    if kind == "csv":
        return to_csv(table)
    notes = [["colonne", "obligatoire", "ce qu’elle contient"]]
    notes += [[column.title, "oui" if column.required else "non", column.help] for column in shown]
    return to_xlsx({"à remplir": table, "mode d’emploi": notes})
