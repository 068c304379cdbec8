"""Students of an institution, brought as a table: one a line, known by the e-mail address. Nobody is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Lower
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from circo.access import Permission
from circo.imports import lines, rules
from circo.imports.columns import Mapping
from circo.imports.lines import Authority, Line, Reader, Row, Tell
from circo.imports.people import identity_of
from circo.imports.reading import Table
from circo.models import Commune, Outcome, Person, Posting
from circo.models.import_kinds import Kind
from circo.rules import Place, Role
from partnerships.models import Cohort, Student, StudentStatus
from partnerships.students import pairs
from partnerships.students.cells import COLUMNS, commune, one_of, practices, transport

REASON = "Import d’étudiants"
NOBODY = "Pas de binôme\u00a0: {} n’est pas dans cette promotion."
TAKEN = "Pas de binôme\u00a0: {} en a déjà un."


@dataclass
class Change:
    """What one line writes. `partner` is who goes with this student: a row that is there, or one that a line makes."""

    person: Person
    student: Student
    posting: Posting | None = None
    posting_fields: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    partner: Student | None = None


@dataclass
class Known:
    """What the database holds of the institution and of the people that a file names."""

    cohorts: dict[str, list[Cohort]]  # by name, as names are compared
    statuses: dict[str, StudentStatus]
    communes: dict[str, list[str]]  # INSEE codes, by code and by name
    people: dict[str, Person]
    students: dict[tuple[int, int], Student]  # by person and cohort
    postings: dict[int, list[Posting]]  # by person: the role of a student here
    seen: dict[str, int] = field(default_factory=dict)  # e-mail → line of this file


class Students:
    """Creates students, their accounts and pairs in the cohorts of one institution, and updates those it knows."""

    columns = COLUMNS

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]:
        rows = lines.rows_of(table, mapping)
        known = _gather([row.cells for row in rows], authority)
        planned = lines.planned(rows, lambda row: _line(row, known, authority), tell)
        _pair(planned, [row.cells.get("partner", "").lower() for row in rows], known)
        for line in planned:
            if line.outcome == Outcome.SAME:
                line.change = None
        return planned

    def write(self, planned: Sequence[Line], authority: Authority) -> None:
        changes: list[Change] = [line.change for line in planned if line.change]
        by = {"default_user": authority.by, "default_change_reason": REASON}
        bulk_create_with_history([one.person for one in changes if one.person.pk is None], Person, **by)
        for one in changes:
            one.student.person = one.person  # a new person has a key only now
            if one.posting is not None:
                one.posting.person = one.person
        postings = [one.posting for one in changes if one.posting is not None]
        bulk_create_with_history([posting for posting in postings if posting.pk is None], Posting, **by)
        bulk_create_with_history([one.student for one in changes if one.student.pk is None], Student, **by)
        ended = [(one.posting, one.posting_fields) for one in changes if one.posting is not None]
        for fields, some in lines.grouped_by_fields(ended).items():
            bulk_update_with_history(some, Posting, list(fields), **by)
        for fields, same in lines.grouped_by_fields((one.student, one.fields) for one in changes).items():
            bulk_update_with_history(same, Student, list(fields), **by)
        for one in changes:
            if one.partner is not None:
                pairs.make(one.partner, one.student)


STUDENTS = Kind(
    code="STUDENTS",
    slug="etudiants",
    label="étudiants",
    detail="Les étudiants de vos promotions\u00a0: commune, transport, vœux, binôme.",
    note="La formation, les statuts et la promotion se créent d’abord, dans «\u00a0Stages\u00a0». L’adresse e-mail dit "
    "qui est qui\u00a0: une personne connue est mise à jour, une autre est créée. Aucune colonne de NUMEN\u00a0: un "
    "fichier qui en contient est refusé.",
    importer=Students(),
    permission=Permission.MANAGE_STUDENTS,
    place=Place.INSTITUTION,
    has_invitations=True,
)


def _gather(rows: Sequence[dict[str, str]], authority: Authority) -> Known:
    year_days = {"school_year__first_day__lte": authority.starts_on, "school_year__last_day__gte": authority.on}
    cohorts: dict[str, list[Cohort]] = {}
    here = Cohort.objects.filter(institution=authority.institution, **year_days)
    for cohort in here.select_related("school_year").order_by("school_year__first_day", "pk"):
        cohorts.setdefault(rules.key(cohort.name), []).append(cohort)
    statuses = StudentStatus.objects.filter(institution=authority.institution).order_by("pk")
    emails = {cells["email"].lower() for cells in rows} | {cells.get("partner", "").lower() for cells in rows} - {""}
    people: dict[str, Person] = {}
    for batch in lines.in_batches(sorted(emails)):
        some = Person.objects.get_queryset().annotate(key=Lower("email")).filter(key__in=batch)
        people |= {person.key: person for person in some}
    known = Known(cohorts, {rules.key(one.name): one for one in statuses}, _communes(), people, {}, {})
    for ids in lines.in_batches([person.pk for person in people.values()]):
        students = Student.objects.filter(person_id__in=ids, cohort__institution=authority.institution)
        for student in students.select_related("person", "home", "status").order_by("pk"):
            known.students[student.person_id, student.cohort_id] = student
        held = Posting.objects.filter(person_id__in=ids, role=Role.STUDENT, institution=authority.institution)
        for posting in held.order_by("starts_on", "pk"):
            known.postings.setdefault(posting.person_id, []).append(posting)
    return known


def _communes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, name in Commune.objects.order_by("insee_code").values_list("insee_code", "name"):
        found.setdefault(rules.key(code), []).append(code)
        found.setdefault(rules.key(name), []).append(code)
    return found


# --- One line ---------------------------------------------------------------------------------------------------------
def _line(row: Row, known: Known, authority: Authority) -> Line:
    number, cells = row.number, row.cells
    label = f"{cells['first_name']} {cells['last_name']} <{cells['email']}>"
    if line := lines.example_left(row, label, COLUMNS) or lines.too_wide(row, label):
        return line
    reader = Reader(cells, COLUMNS)
    identity = identity_of(reader)
    person = known.people.get(identity["email"])
    cohort = _cohort(reader, known)
    student = known.students.get((person.pk, cohort.pk)) if person and cohort else None
    said = _said(reader, known, is_new=student is None)
    _check(reader, identity["email"], person, student, number, known, authority)
    if cohort is None or reader.reasons:
        return lines.refused(number, label, *reader.reasons)
    line = Line(number, Outcome.SAME, label[:200], subject=person)
    if student is None:
        person = line.subject = person or Person(**identity)
        if person.pk is None:
            person.set_unusable_password()  # only an invitation opens the account
        line.outcome = Outcome.CREATED
        line.change = Change(person, Student(person=person, cohort=cohort, **said))
        line.notes.append(f"Promotion\u00a0: {cohort}, statut\u00a0: {said['status']}")
    else:
        student.cohort = cohort
        line.change = Change(student.person, student)
        line.change.fields, line.notes = lines.put(student, said)
    line.change.posting, line.change.posting_fields = _post(line.change, known)
    if student is not None and (line.change.fields or line.change.posting):
        line.outcome = Outcome.CHANGED
    if (
        person
        and person.pk
        and (person.first_name, person.last_name) != (identity["first_name"], identity["last_name"])
    ):
        line.notes.append("Le nom reste tel quel\u00a0: il se corrige avec le compte de cette personne.")
    return line


def _cohort(reader: Reader, known: Known) -> Cohort | None:
    name = reader.get("cohort")
    named = known.cohorts.get(rules.key(name), []) if name else [one for some in known.cohorts.values() for one in some]
    if len(named) == 1:
        return named[0]
    if not named and name:
        reader.reasons.append(
            f"Promotion\u00a0: «\u00a0{name[:40]}\u00a0» n’est pas une promotion de l’année. Créez-la d’abord."
        )
    elif not named:
        reader.reasons.append("L’institut n’a pas de promotion cette année. Créez-la d’abord.")
    elif name:
        years = ", ".join(str(one.school_year) for one in named)
        reader.reasons.append(
            f"Promotion\u00a0: «\u00a0{name[:40]}\u00a0» est de plusieurs années ({years}). Renommez-en une."
        )
    else:
        reader.reasons.append("La cellule «\u00a0promotion\u00a0» est vide, et l’institut en a plusieurs cette année.")
    return None


def _said(reader: Reader, known: Known, *, is_new: bool) -> dict[str, Any]:
    """What the line says of a student. An empty cell says nothing."""
    read = {
        "status": reader.get("status", one_of(known.statuses, "un statut de l’institut")),
        "home_id": reader.get("home", lambda text, what: commune(text, what, known.communes)),
        "transport": reader.get("transport", transport),
        "levels": reader.get("levels", rules.levels),
        "practices": reader.get("practices", practices),
    }
    if is_new and read["status"] is None and not reader.cells.get("status"):
        if len(known.statuses) == 1:
            read["status"] = next(iter(known.statuses.values()))
        else:
            reader.reasons.append("La cellule «\u00a0statut\u00a0» est vide\u00a0: l’institut n’en a pas un seul.")
    said = {name: value for name, value in read.items() if value is not None}
    reader.check(Student(**said), {name: name for name in ("levels", "practices") if name in said})
    return said


def _check(
    reader: Reader,
    email: str,
    person: Person | None,
    student: Student | None,
    number: int,
    known: Known,
    authority: Authority,
) -> None:
    if not email:
        return
    if first := known.seen.get(email):
        reader.reasons.append(f"L’adresse {email} est déjà à la ligne {first}. Une personne tient sur une ligne.")
    known.seen.setdefault(email, number)
    if person is not None and not person.is_active:
        reader.reasons.append("Le compte de cette adresse est fermé\u00a0: demandez à la direction départementale.")
    if person is not None and authority.by and person.pk == authority.by.pk:
        reader.reasons.append("C’est votre propre compte.")
    if student is not None and student.left_at is not None:
        reader.reasons.append("Cette personne a quitté la promotion\u00a0: ajoutez-la de nouveau par sa page.")


def _post(change: Change, known: Known) -> tuple[Posting | None, tuple[str, ...]]:
    """The role of a student for the year of the cohort, unless it is held all that time."""
    cohort = change.student.cohort
    year, mine = cohort.school_year, known.postings.get(change.person.pk or 0, [])
    if any(one.starts_on <= year.first_day and (one.ends_on is None or one.ends_on >= year.last_day) for one in mine):
        return None, ()
    if same := next((one for one in mine if one.starts_on == year.first_day), None):
        same.ends_on = year.last_day
        return same, ("ends_on",)
    days = {"starts_on": year.first_day, "ends_on": year.last_day}
    return Posting(role=Role.STUDENT, institution_id=cohort.institution_id, **days), ()


# --- Pairs ------------------------------------------------------------------------------------------------------------
def _pair(planned: Sequence[Line], partners: Sequence[str], known: Known) -> None:
    """Put each pair on the later of its two lines, when both students are written; a pair said once is enough."""
    made = {line.change.person.email.lower(): line for line in planned if line.change}
    paired: dict[str, str] = {}
    for line, partner in zip(planned, partners, strict=True):
        if not line.change or not partner:
            continue
        own, student = line.change.person.email.lower(), line.change.student
        there = made.get(partner)
        other = there.change.student if there else _known_student(partner, student.cohort_id, known)
        if paired.get(own) == partner or (other and student.pair_id and student.pair_id == other.pair_id):
            continue
        if own == partner:
            line.notes.append("Pas de binôme\u00a0: c’est sa propre adresse.")
        elif other is None or other.cohort_id != student.cohort_id or other.left_at is not None:
            line.notes.append(NOBODY.format(partner[:80]))
        elif student.pair_id or own in paired:
            line.notes.append(TAKEN.format(student.person))
        elif other.pair_id or partner in paired:
            line.notes.append(TAKEN.format(other.person))
        else:
            paired |= {own: partner, partner: own}
            last = there if there and there.number > line.number else line
            last.change.partner = other if last is line else student
            last.notes.append(f"Binôme\u00a0: {last.change.partner.person}")
            last.outcome = Outcome.CHANGED if last.outcome == Outcome.SAME else last.outcome


def _known_student(email: str, cohort_id: int, known: Known) -> Student | None:
    person = known.people.get(email)
    return known.students.get((person.pk, cohort_id)) if person else None
