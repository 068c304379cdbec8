"""Schools: the « annuaire de l'éducation » of any year, or a table made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from circo.errors import Refusal
from circo.imports import columns, lines, rules
from circo.imports.columns import Mapping
from circo.imports.known import schools_by_uai
from circo.imports.lines import Authority, Line, Reader, Tell
from circo.imports.reading import Table
from circo.models import District, ImportRun, Outcome, School
from circo.models.import_kinds import Kind

REASON = "Import d’écoles"
SCHOOL_WORDS = ("ecole", "maternelle", "elementaire", "primaire", "scolaire")


@dataclass
class SchoolChange:
    school: School
    fields: tuple[str, ...]  # none: the school is new


class Schools:
    """Creates and updates the schools of one district; never takes one from another team."""

    columns = columns.SCHOOLS

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]:
        rows = lines.rows_of(table, mapping)
        chosen = _district_filter([row.cells for row in rows], authority.district)
        known = schools_by_uai({row.cells["uai"].upper() for row in rows})
        seen: dict[str, int] = {}
        return lines.planned(rows, lambda row: self._line(row, chosen, known, seen, authority), tell)

    def _line(self, row, chosen, known, seen, authority) -> Line:
        number, cells = row.number, row.cells
        label = f"{cells['uai']} {cells['name']}" + (f", {cells['commune']}" if cells["commune"] else "")
        if line := lines.example_left(row, label, self.columns):
            return line
        if reason := _left_aside(cells, chosen):
            return lines.ignored(number, label, reason)
        if line := lines.too_wide(row, label):
            return line
        values, reasons = _values(cells, authority.district)
        uai = values.get("uai")
        if uai in seen:
            reasons.append(f"L’UAI {uai} est déjà à la ligne {seen[uai]}.")
        elif uai:
            seen[uai] = number
        if reasons:
            return lines.refused(number, label, *reasons)
        return _compare(number, label, values, known.get(uai), authority)

    def write(self, planned: Sequence[Line], authority: Authority) -> None:
        changes = [line.change for line in planned if line.change]
        by = {"default_user": authority.by, "default_change_reason": REASON}
        bulk_create_with_history([change.school for change in changes if not change.fields], School, **by)
        groups = lines.grouped_by_fields((change.school, change.fields) for change in changes)
        for fields, schools in groups.items():
            bulk_update_with_history(schools, School, list(fields), **by)


SCHOOLS = Kind(
    code=ImportRun.Kind.SCHOOLS,
    slug="ecoles",
    label="écoles",
    detail="L’annuaire de l’éducation, ou un tableau fait à la main.",
    note="L’annuaire de l’éducation s’importe tel quel\u00a0: ses autres colonnes sont laissées de côté. L’indice de "
    "position sociale n’est jamais gardé.",
    importer=Schools(),
)


def _district_filter(rows: Sequence[dict[str, str]], district: District) -> tuple[str, str] | None:
    """The column and the value by which a file of several districts names ours; None if it names one or none.

    Raises: Refusal if it names several, and ours is not recognised.
    """
    codes = {cells.get("district_code", "").upper() for cells in rows} - {""}
    names = {rules.key(cells.get("district_name", "")) for cells in rows} - {""}
    if max(len(codes), len(names)) < 2:
        return None
    if district.uai and district.uai in codes:
        return "district_code", district.uai
    ours = rules.key(district.name)
    same = [
        name for name in names if name == ours or (name.startswith("circonscription") and name.endswith(f"_{ours}"))
    ]
    if len(same) == 1:
        return "district_name", same[0]
    raise Refusal(
        f"Ce fichier couvre plusieurs circonscriptions, et aucune n’est reconnue comme « {district.name} ». Indiquez "
        "l’UAI de la circonscription dans l’administration, ou gardez seulement les lignes de vos écoles."
    )


def _left_aside(cells: dict[str, str], chosen: tuple[str, str] | None) -> str:
    """Why the annuaire's line is not for us, or nothing."""
    kind, state = rules.key(cells.get("kind", "")), rules.key(cells.get("state", ""))
    # « autre » hides real schools as well: their name tells.
    told = rules.key(cells["name"]) if kind == "autre" else kind
    if kind and not any(word in told for word in SCHOOL_WORDS):
        return f"Ce n’est pas une école (« {cells['kind'][:40]} »)."
    if state and state not in ("ouvert", "ouverte", "a_ouvrir", "1"):
        return "Le fichier la dit fermée. Indiquez la date de fermeture dans l’administration."
    if chosen:
        column, value = chosen
        read = cells.get(column, "")
        if (read.upper() if column == "district_code" else rules.key(read)) != value:
            return "Elle est d’une autre circonscription."
    return ""


def _values(cells: dict[str, str], district: District) -> tuple[dict[str, Any], list[str]]:
    """What the line says, by the fields of the model, and every reason to refuse it. An empty cell says nothing."""
    reader = Reader(cells, columns.SCHOOLS)
    read = {
        "uai": reader.need("uai", lambda text, _: text.upper()),
        "name": reader.need("name", rules.harmless),
        "commune": reader.need("commune", rules.harmless),
        "insee_code": reader.get("insee_code", lambda text, _: text.upper().zfill(5)),
        "is_public": reader.get("is_public", rules.is_public),
        "week_pattern": reader.get("week_pattern", rules.week_pattern),
        "pupil_count": reader.get("pupil_count", rules.whole_number),
        "latitude": reader.get("latitude", rules.decimal),
        "longitude": reader.get("longitude", rules.decimal),
    }
    values = {name: value for name, value in read.items() if value is not None}
    if "priority_status" in cells:  # here, nothing is an answer
        status = reader.get("priority_status", rules.priority_status)
        values["priority_status"] = (status or "") if cells["priority_status"] else ""
    reader.check(School(**values), {name: name for name in values})
    departement = district.departement.code
    insee = values.get("insee_code", departement)
    if not reader.reasons and not insee.startswith(departement):
        reader.reasons.append(f"La commune {insee} n’est pas dans le département {departement}.")
    return values, reader.reasons


def _compare(number: int, label: str, values: dict[str, Any], school: School | None, authority: Authority) -> Line:
    if school is None:
        return Line(number, Outcome.CREATED, label, [], SchoolChange(School(district=authority.district, **values), ()))
    if school.district_id not in authority.district_ids:
        return lines.refused(
            number, label, f"L’école {school.uai} est dans une autre circonscription ({school.district})."
        )
    fields, notes = lines.put(school, values)
    if school.district_id != authority.district.pk:
        notes.append(f"Circonscription : « {school.district} » devient « {authority.district} »")
        school.district = authority.district
        fields += ("district",)
    if not fields:
        return Line(number, Outcome.SAME, label)
    return Line(number, Outcome.CHANGED, label, notes, SchoolChange(school, fields))
