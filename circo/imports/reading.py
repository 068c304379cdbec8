"""From the bytes of a file to rows of text: CSV of any usual encoding and separator, or XLSX; all else is refused.

The file comes from a stranger: sizes are looked at before anything is unpacked, and XML through defusedxml.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.conf import settings
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from circo.errors import Refusal

MAX_ROWS = 20_000  # a département has about 600 schools and 3,500 teachers
MAX_SCANNED = 10 * MAX_ROWS  # empty rows cost time as well
MAX_COLUMNS = 200  # the « annuaire de l'éducation » has 71
MIB = 1024 * 1024
MAX_UNPACKED = 80 * MIB  # bytes of XML in an XLSX; 20,000 rows of people are about 25 MB
MAX_PARTS = 500  # files in an XLSX
HEAD = 4096  # bytes that tell the kind of a file
DELIMITERS = (";", ",", "\t")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHER_KINDS = {
    b"%PDF": "un PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"{\\rtf": "un texte mis en forme",
    b"<?xml": "une page XML",
    b"<html": "une page web",
    b"<!doc": "une page web",
}
# All that openpyxl may raise on a workbook that is broken or made to break it.
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    LookupError,
    ValueError,  # defusedxml's own errors are ValueErrors
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)

WRONG_KIND = "Ce fichier n’est pas un tableau. Choisissez un fichier CSV ou XLSX."


@dataclass(frozen=True)
class Table:
    """The header, and each row that is not empty with its number as a spreadsheet shows it (the header is 1)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def too_big(size: int) -> str:
    """The sentence for a file that is above the limit."""
    most = settings.IMPORT_MAX_BYTES // MIB
    return (
        f"Ce fichier pèse {size / MIB:.0f} Mo ; la limite est de {most} Mo. "
        "Gardez seulement les lignes de votre circonscription."
    )


def check_kind(file: BinaryIO) -> None:
    """Look at the size and the first bytes, without reading the rest.

    Raises: Refusal for a file that is too big, empty, or plainly no table.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if size > settings.IMPORT_MAX_BYTES:
        raise Refusal(too_big(size))
    if not head.strip():
        raise Refusal("Ce fichier est vide.")
    if head.startswith(_OLE):
        raise Refusal(
            "Ce fichier est au format .xls, ou protégé par un mot de passe. Enregistrez-le au format .xlsx ou .csv, "
            "sans mot de passe, puis recommencez."
        )
    if head.startswith(_ZIP) and _ODS in head:  # its first file says its kind, in clear
        raise Refusal(
            "Ce fichier est au format .ods (LibreOffice). Enregistrez-le au format .xlsx ou .csv, puis recommencez."
        )
    start = head.lstrip(codecs.BOM_UTF8).lstrip().lower()
    kind = next((kind for magic, kind in _OTHER_KINDS.items() if start.startswith(magic.lower())), None)
    if kind:
        raise Refusal(f"Ce fichier est {kind}, pas un tableau. Choisissez un fichier CSV ou XLSX.")


def read_table(file: BinaryIO) -> Table:
    """Read the header and the rows.

    Raises: Refusal for what is no table, and for a table above the limits.
    """
    check_kind(file)
    is_workbook = file.read(4) == _ZIP
    file.seek(0)
    records = _xlsx_records(file) if is_workbook else _csv_records(_decode(file.read()))
    return _table(records)


def _table(records: Iterable[list[str]]) -> Table:
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    for number, record in enumerate(records, start=1):
        if number > MAX_SCANNED:
            raise Refusal(f"Ce tableau a plus de {MAX_SCANNED} lignes, vides comprises. Recopiez les lignes utiles.")
        if not any(cell.strip() for cell in record):
            continue
        if header is None:
            header = record
            if len(header) > MAX_COLUMNS:
                raise Refusal(f"Ce tableau a plus de {MAX_COLUMNS} colonnes. Gardez celles du modèle.")
            continue
        if len(rows) == MAX_ROWS:
            raise Refusal(f"Ce tableau a plus de {MAX_ROWS} lignes. Importez-le en plusieurs fichiers.")
        rows.append((number, record))
    if header is None:
        raise Refusal("Ce fichier est vide.")
    if not rows:
        raise Refusal("Ce tableau n’a que sa ligne de titres.")
    return Table(header, rows)


# --- CSV ------------------------------------------------------------------------------------------------------------
def _decode(raw: bytes) -> str:
    """UTF-8 with or without its mark, Excel's UTF-16, else Windows-1252."""
    is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Refusal(WRONG_KIND)


def _delimiter(text: str) -> str:
    """The separator that cuts the titles into the most columns; `;` if none does."""
    titles = text.lstrip("\r\n")

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(titles, newline=""), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=columns)


def _csv_records(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error:
            raise Refusal(
                f"Ligne {number} : un guillemet n’est pas refermé, ou est au milieu d’une cellule. Corrigez cette "
                "ligne (ou enregistrez le tableau au format .xlsx)."
            ) from None
        if record is None:
            return
        yield record


# --- XLSX -----------------------------------------------------------------------------------------------------------
def _xlsx_records(file: BinaryIO) -> Iterator[list[str]]:
    """The rows of the first sheet, as text; values, not formulas."""
    try:
        _refuse_bomb(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles that it drops
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # the announced size is often wrong, and rows below it would be lost
            for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
                cells = [_text(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                yield cells
    except _BROKEN:
        raise Refusal("Ce fichier .xlsx ne s’ouvre pas : il est abîmé, ou n’est pas un classeur.") from None


def _refuse_bomb(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refusal("Ce classeur est trop gros une fois décompressé. Enregistrez ses lignes utiles au format .csv.")
    file.seek(0)


def _text(value: Any) -> str:
    """A cell as it would be typed: a day in ISO form, a whole number without decimals."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
