"""People and their postings: one person and one posting per line. The e-mail address tells who; nobody is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from circo import rules as ground_rules
from circo.imports import columns, lines, rules
from circo.imports.columns import Mapping
from circo.imports.known import Known, gather, key_of
from circo.imports.lines import Authority, Line, Reader, Row, Tell
from circo.imports.reading import Table
from circo.models import ImportRun, Outcome, Person, Posting, School
from circo.models.import_kinds import Kind
from circo.rules import ROLE_LABELS, Place, Role

REASON = "Import de personnes"
DAY = timedelta(days=1)


@dataclass
class PersonChange:
    """What one line writes: the person, the posting, and the postings that the new one ends."""

    person: Person
    posting: Posting
    person_fields: tuple[str, ...] = ()
    posting_fields: tuple[str, ...] = ()
    ended: list[Posting] = field(default_factory=list)


class People:
    """Creates people and their postings in one district; never gives a role above the importer's own."""

    columns = columns.PEOPLE

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]:
        rows = lines.rows_of(table, mapping)
        known = gather([row.cells for row in rows], authority)
        return lines.planned(rows, lambda row: _line(row, known, authority), tell)

    def write(self, planned: Sequence[Line], authority: Authority) -> None:
        changes: list[PersonChange] = [line.change for line in planned if line.change]
        by = {"default_user": authority.by, "default_change_reason": REASON}
        bulk_create_with_history([change.person for change in changes if change.person.pk is None], Person, **by)
        for change in changes:
            change.posting.person = change.person  # a new person has a key only now
        bulk_create_with_history([change.posting for change in changes if change.posting.pk is None], Posting, **by)
        people = lines.grouped_by_fields((change.person, change.person_fields) for change in changes)
        for fields, some in people.items():
            bulk_update_with_history(some, Person, list(fields), **by)
        postings = [(change.posting, change.posting_fields) for change in changes]
        postings += [(posting, ("ends_on",)) for change in changes for posting in change.ended]
        for fields, same in lines.grouped_by_fields(postings).items():
            bulk_update_with_history(same, Posting, list(fields), **by)


PEOPLE = Kind(
    code=ImportRun.Kind.PEOPLE,
    slug="personnes",
    label="personnes et affectations",
    detail="Enseignants, directions, remplaçants, équipe, avec leur école et leur classe.",
    note="Les titres usuels («\u00a0mail\u00a0», «\u00a0fonction\u00a0», «\u00a0RNE\u00a0»…) sont reconnus. Aucune "
    "colonne de NUMEN\u00a0: un fichier qui en contient est refusé.",
    importer=People(),
    has_invitations=True,
)


# --- One line -------------------------------------------------------------------------------------------------------
def _line(row: Row, known: Known, authority: Authority) -> Line:
    number, cells = row.number, row.cells
    label = f"{cells['first_name']} {cells['last_name']} <{cells['email']}>"
    if line := lines.example_left(row, label, columns.PEOPLE) or lines.too_wide(row, label):
        return line
    reader = Reader(cells, columns.PEOPLE)
    identity = identity_of(reader)
    place, notes = _place(reader, known, authority)
    details = _details(reader)
    starts_on = reader.get("starts_on", rules.day) or authority.starts_on
    _check_posting(reader, details, starts_on)
    _check_person(reader, identity, number, known, authority)
    if reader.reasons:
        return lines.refused(number, label, *reader.reasons)
    person = known.people.get(identity["email"])
    return _compare(
        Line(number, Outcome.SAME, label[:200], notes),
        person,
        identity,
        place | {"starts_on": starts_on},
        details,
        known,
    )


def identity_of(reader: Reader) -> dict[str, str]:
    """The address and the names of a line, each with its reasons to be refused."""
    identity = {
        "email": (reader.need("email", rules.harmless) or "").lower(),
        "last_name": reader.need("last_name", rules.harmless) or "",
        "first_name": reader.need("first_name", rules.harmless) or "",
    }
    filled = {name: name for name, value in identity.items() if value}
    reader.check(Person(**identity), filled)
    return identity


def _place(reader: Reader, known: Known, authority: Authority) -> tuple[dict[str, Any], list[str]]:
    """The role, and the school or the district where it is held."""
    role = reader.need("role", rules.role)
    if role is None:
        return {}, []
    place = ground_rules.PLACE_OF_ROLE[role]
    if place not in (Place.SCHOOL, Place.DISTRICT):
        reader.reasons.append(f"Le rôle « {ROLE_LABELS[role]} » dépasse la circonscription : il ne s’importe pas.")
    elif role not in authority.roles:
        reader.reasons.append(f"Vous ne pouvez pas donner le rôle « {ROLE_LABELS[role]} ».")
    if place is Place.DISTRICT:
        notes = (
            ["L’école n’est pas retenue : ce rôle se tient dans toute la circonscription."]
            if reader.cells.get("uai")
            else []
        )
        return {"role": role, "district": authority.district}, notes
    return {"role": role, "school": _school(reader, role, known, authority)}, []


def _school(reader: Reader, role: Role, known: Known, authority: Authority) -> School | None:
    uai = reader.get("uai", lambda text, _: text.upper())
    school = known.schools.get(uai or "")
    if uai is None:
        reader.reasons.append(f"Le rôle « {ROLE_LABELS[role]} » se tient dans une école : la cellule « uai » est vide.")
    elif school is None:
        reader.reasons.append(unknown_school(uai))
    elif school.district_id != authority.district.pk:
        reader.reasons.append(f"L’école {uai} est dans une autre circonscription ({school.district}).")
    elif school.closed_on:
        reader.reasons.append(f"L’école {uai} est fermée depuis le {school.closed_on:%d/%m/%Y}.")
    else:
        return school
    return None


def unknown_school(uai: str) -> str:
    """Say why no school answers to a UAI."""
    if not ground_rules.UAI_SHAPE.match(uai):
        return f"« {uai[:20]} » n’est pas un UAI : sept chiffres et une lettre, par exemple 0271300S."
    if not ground_rules.is_uai(uai):
        letter = ground_rules.uai_key(uai[:7])
        return f"L’école {uai} n’existe pas : la lettre de cet UAI devrait être {letter}. Vérifiez les chiffres."
    return f"L’école {uai} n’existe pas encore ici. Importez d’abord les écoles, ou vérifiez son UAI."


def _details(reader: Reader) -> dict[str, Any]:
    """What the line says of the posting. An empty cell, or a dash alone, says nothing."""
    read = {
        "levels": reader.get("levels", rules.levels),
        "class_size": reader.get("class_size", rules.whole_number),
        "half_days": reader.get("half_days", rules.half_days),
        "share_percent": reader.get("share_percent", rules.percent),
        "ends_on": reader.get("ends_on", rules.day),
    }
    return {name: value for name, value in read.items() if value not in (None, [])}


def _check_posting(reader: Reader, details: dict[str, Any], starts_on: date) -> None:
    ends_on = details.get("ends_on")
    if ends_on and ends_on < starts_on:
        reader.reasons.append(
            f"La date de fin ({ends_on:%d/%m/%Y}) vient avant la date de début ({starts_on:%d/%m/%Y})."
        )
    reader.check(Posting(**details), {name: name for name in details if name != "ends_on"})


def _check_person(reader: Reader, identity: dict[str, str], number: int, known: Known, authority: Authority) -> None:
    email = identity["email"]
    if not email:
        return
    if first := known.seen.get(email):
        reader.reasons.append(
            f"L’adresse {email} est déjà à la ligne {first}. Une personne tient sur une ligne ; ajoutez ses autres "
            "affectations dans l’administration."
        )
    known.seen.setdefault(email, number)
    person = known.people.get(email)
    if person and authority.by and person.pk == authority.by.pk and not authority.by.is_superuser:
        reader.reasons.append("C’est votre propre compte : quelqu’un d’autre doit changer vos affectations.")


# --- What would change ----------------------------------------------------------------------------------------------
def _compare(
    line: Line,
    person: Person | None,
    identity: dict[str, str],
    place: dict[str, Any],
    details: dict[str, Any],
    known: Known,
) -> Line:
    if person is None:
        person = line.subject = Person(**identity)
        person.set_unusable_password()  # only an invitation opens the account; no slow hash either
        line.outcome = Outcome.CREATED
        line.change = PersonChange(person, Posting(**place, **details))
        line.notes.append(_new_posting(line.change.posting))
        return line
    line.subject = person
    posting = known.postings.get(key_of(Posting(person=person, **place)))
    change = line.change = PersonChange(person, posting or Posting(person=person, **place, **details))
    change.person_fields = _rename(line, person, identity, known)
    if posting is None:
        line.notes += [_new_posting(change.posting), *_end_others(change, known)]
    else:
        change.posting_fields, notes = lines.put(posting, details)
        line.notes += notes
    if posting is None or change.person_fields or change.posting_fields:
        line.outcome = Outcome.CHANGED
    else:
        line.change = None
    return line


def _rename(line: Line, person: Person, identity: dict[str, str], known: Known) -> tuple[str, ...]:
    names = {name: identity[name] for name in ("first_name", "last_name")}
    if not lines.differences(person, names):
        return ()
    if person.pk not in known.editable_ids:
        # Not a word of the other name: it may be of a person whom this team does not know.
        line.notes.append(
            "Le nom reste tel quel : cette personne travaille aussi ailleurs, ou tient un rôle que vous ne gérez pas."
        )
        return ()
    fields, notes = lines.put(person, names)
    line.notes += notes
    return fields


def _new_posting(posting: Posting) -> str:
    """Say all that a new posting holds."""
    where = str(posting.school) if posting.school else str(posting.district)
    until = f" jusqu’au {posting.ends_on:%d/%m/%Y}" if posting.ends_on else ""
    more = [", ".join(posting.levels), f"{posting.class_size} élèves" if posting.class_size else ""]
    more.append(lines.shown(posting, "half_days", posting.half_days) if posting.half_days else "")
    told = [
        f"{ROLE_LABELS[Role(posting.role)]}, {where}, à partir du {posting.starts_on:%d/%m/%Y}{until}",
        *filter(None, more),
    ]
    return f"Nouvelle affectation : {' ; '.join(told)}"


def _end_others(change: PersonChange, known: Known) -> list[str]:
    """End the others of the same role, and say so."""
    change.ended = ended_by(change.posting, known.running.get((change.person.pk, change.posting.role), ()))
    return [
        f"Fin de l’affectation précédente ({old.school or 'circonscription'}) : {old.ends_on:%d/%m/%Y}"
        for old in change.ended
    ]


def ended_by(new: Posting, others: Iterable[Posting]) -> list[Posting]:
    """End, the day before a new posting begins, those of these that began earlier and still run; return them."""
    found = [
        old for old in others if old.starts_on < new.starts_on and (old.ends_on is None or old.ends_on >= new.starts_on)
    ]
    for old in found:
        old.ends_on = new.starts_on - DAY
    return found
