"""The substitutes of a département: who they are, where they are attached, what plans know of them. One a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models.functions import Lower
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from circo.imports import lines, rules
from circo.imports.columns import Mapping
from circo.imports.known import schools_by_uai
from circo.imports.lines import Authority, Line, Reader, Row, Tell
from circo.imports.people import ended_by, identity_of
from circo.imports.reading import Table
from circo.models import Outcome, Person, Posting, School
from circo.rules import Role
from events.brigade import rules as brigade_rules
from events.brigade.imports import columns, reading
from events.brigade.imports.schools import school_of
from events.models import Substitute

REASON = "Import de la brigade"
KEPT_ELSEWHERE = "Ses niveaux et son téléphone restent ceux de son autre brigade\u00a0: importez-les ensuite."


@dataclass
class Change:
    """What one line writes: a person, a post, the posts that it ends, and a profile."""

    person: Person
    posting: Posting
    profile: Substitute
    posting_fields: tuple[str, ...] = ()
    profile_fields: tuple[str, ...] = ()
    ended: list[Posting] = field(default_factory=list)


@dataclass
class Known:
    """What the database holds of the people and schools that a file names."""

    people: dict[str, Person]
    schools: dict[str, School]
    postings: dict[int, list[Posting]]  # by person: those of a substitute in the département, the last to begin first
    elsewhere: set[int] = field(default_factory=set)  # people of the brigade of another département alone
    seen: dict[str, int] = field(default_factory=dict)  # e-mail → line of this file


class Members:
    """Creates and updates the substitutes of one département. Nobody is deleted; who is not named stays as they are."""

    columns = columns.MEMBERS

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]:
        rows = lines.rows_of(table, mapping)
        known = _gather([row.cells for row in rows], authority)
        return lines.planned(rows, lambda row: _line(row, known, authority), tell)

    def write(self, planned: Sequence[Line], authority: Authority) -> None:
        changes: list[Change] = [line.change for line in planned if line.change]
        by = {"default_user": authority.by, "default_change_reason": REASON}
        bulk_create_with_history([one.person for one in changes if one.person.pk is None], Person, **by)
        for one in changes:
            one.posting.person = one.profile.person = one.person  # a new person has a key only now
        bulk_create_with_history([one.posting for one in changes if one.posting.pk is None], Posting, **by)
        known = [(one.profile, one.profile_fields) for one in changes if one.profile.pk is not None]
        new = [one.profile for one in changes if one.profile.pk is None and one.profile_fields]
        bulk_create_with_history(new, Substitute, **by)
        postings = [(one.posting, one.posting_fields) for one in changes]
        postings += [(posting, ("ends_on",)) for one in changes for posting in one.ended]
        for fields, some in lines.grouped_by_fields(postings).items():
            bulk_update_with_history(some, Posting, list(fields), **by)
        for fields, profiles in lines.grouped_by_fields(known).items():
            bulk_update_with_history(profiles, Substitute, list(fields), **by)


def _gather(rows: Sequence[dict[str, str]], authority: Authority) -> Known:
    people: dict[str, Person] = {}
    for batch in lines.in_batches(sorted({cells["email"].lower() for cells in rows})):
        some = Person.objects.get_queryset().annotate(key=Lower("email")).filter(key__in=batch)
        people |= {person.key: person for person in some.select_related("substitute")}
    postings: dict[int, list[Posting]] = {}
    held = Posting.objects.filter(role=Role.SUBSTITUTE, school__district__departement=authority.departement)
    for batch_of_ids in lines.in_batches([person.pk for person in people.values()]):
        for posting in held.filter(person_id__in=batch_of_ids).select_related("school").order_by("-starts_on", "pk"):
            postings.setdefault(posting.person_id, []).append(posting)
    others = Posting.objects.filter(role=Role.SUBSTITUTE).exclude(school__district__departement=authority.departement)
    elsewhere: set[int] = set()
    for batch_of_ids in lines.in_batches([pk for pk in (one.pk for one in people.values()) if pk not in postings]):
        elsewhere |= set(others.filter(person_id__in=batch_of_ids).order_by().values_list("person_id", flat=True))
    schools = schools_by_uai({cells.get("uai", "").upper() for cells in rows})
    return Known(people, schools, postings, elsewhere)


# --- One line ---------------------------------------------------------------------------------------------------------
def _line(row: Row, known: Known, authority: Authority) -> Line:
    number, cells = row.number, row.cells
    label = f"{cells['first_name']} {cells['last_name']} <{cells['email']}>"
    if line := lines.example_left(row, label, columns.MEMBERS) or lines.too_wide(row, label):
        return line
    reader = Reader(cells, columns.MEMBERS)
    identity = identity_of(reader)
    school = _school(reader, known, authority)
    details, said = _details(reader), _said(reader)
    starts_on = reader.get("starts_on", rules.day)
    person = known.people.get(identity["email"])
    _check(reader, identity["email"], person, number, known, authority)
    if school is None or reader.reasons:
        return lines.refused(number, label, *reader.reasons)
    change, notes = _placed(person or Person(**identity), school, starts_on, details, known, authority)
    if change.person.pk in known.elsewhere:  # neither told nor changed by who has never had them in the brigade
        notes += [KEPT_ELSEWHERE] if said else []
    else:
        notes += _described(change, said)
    if reasons := _impossible(change):
        return lines.refused(number, label, *reasons)
    line = Line(number, Outcome.CHANGED, label[:200], notes, change, change.person)
    if person is None:
        change.person.set_unusable_password()  # only an invitation opens the account
        line.outcome = Outcome.CREATED
    elif change.posting.pk and not (change.posting_fields or change.profile_fields):
        line.outcome, line.change = Outcome.SAME, None
    if person is not None and _names(person) != (identity["first_name"], identity["last_name"]):
        line.notes.append("Le nom reste tel quel\u00a0: il se corrige avec le compte de cette personne.")
    return line


def _names(person: Person) -> tuple[str, str]:
    return person.first_name, person.last_name


def _school(reader: Reader, known: Known, authority: Authority) -> School | None:
    school = school_of(reader, "uai", known.schools, authority)
    if school is not None and school.closed_on:
        reader.reasons.append(f"L’école {school.uai} est fermée depuis le {school.closed_on:%d/%m/%Y}.")
        return None
    return school


def _details(reader: Reader) -> dict[str, Any]:
    """What the line says of the post. An empty cell says nothing."""
    read = {
        "share_percent": reader.get("share_percent", rules.percent),
        "half_days": reader.get("half_days", rules.half_days),
        "ends_on": reader.get("ends_on", rules.day),
    }
    details = {name: value for name, value in read.items() if value not in (None, [])}
    reader.check(Posting(**details), {name: name for name in details if name != "ends_on"})
    return details


def _said(reader: Reader) -> dict[str, Any]:
    """What the line says of the profile. An empty cell says nothing; « aucun » says that there are no levels."""
    kind = reader.get("kind", reading.kind)
    read = {
        "kind": kind and kind.value,
        "preferred": reader.get("preferred", reading.levels),
        "refused": reader.get("refused", reading.levels),
        "is_reserve": reader.get("is_reserve", reading.truth),
        "is_tenured": reader.get("is_tenured", reading.tenured),
        "phone": reader.get("phone", reading.phone),
    }
    return {name: value for name, value in read.items() if value is not None}


def _check(reader: Reader, email: str, person: Person | None, number: int, known: Known, authority: Authority) -> None:
    if not email:
        return
    if first := known.seen.get(email):
        reader.reasons.append(f"L’adresse {email} est déjà à la ligne {first}. Une personne tient sur une ligne.")
    known.seen.setdefault(email, number)
    if person is None:
        return
    if not person.is_active:
        reader.reasons.append("Ce compte est fermé\u00a0: demandez à sa circonscription de le rouvrir.")
    if authority.by and person.pk == authority.by.pk and not authority.by.is_superuser:
        reader.reasons.append("C’est votre propre compte\u00a0: quelqu’un d’autre doit changer vos affectations.")


# --- What would change ------------------------------------------------------------------------------------------------
def _placed(
    person: Person,
    school: School,
    starts_on: date | None,
    details: dict[str, Any],
    known: Known,
    authority: Authority,
) -> tuple[Change, list[str]]:
    """Find the post that a line is about, or make it; a new one ends those that began before it."""
    profile = getattr(person, "substitute", None) or Substitute()
    running = [one for one in known.postings.get(person.pk, ()) if one.ends_on is None or one.ends_on >= authority.on]
    same = next((one for one in running if one.school_id == school.pk), None)
    first = starts_on or (max(authority.starts_on, authority.on) if running else authority.starts_on)
    if same is None:  # the same day: the school was mistaken
        same = next((one for one in running if one.starts_on == first), None)
    if same is not None:
        change = Change(person, same, profile)
        change.posting_fields, notes = lines.put(same, details | {"school": school})
        return change, notes
    posting = Posting(person=person, role=Role.SUBSTITUTE, school=school, starts_on=first, **details)
    change = Change(person, posting, profile)
    change.ended = ended_by(posting, running)
    notes = [f"Rattachement à {school}, à partir du {first:%d/%m/%Y}"]
    notes += [f"Fin du rattachement à {old.school}\u00a0: {old.ends_on:%d/%m/%Y}" for old in change.ended]
    return change, notes


def _described(change: Change, said: dict[str, Any]) -> list[str]:
    """What the profile becomes, one sentence a field."""
    change.profile_fields, notes = lines.put(change.profile, said)
    return notes


def _impossible(change: Change) -> list[str]:
    """Why the whole can't be written, where each cell by itself could."""
    reasons = []
    post, profile = change.posting, change.profile
    if post.ends_on and post.ends_on < post.starts_on:
        reasons.append(f"La fin ({post.ends_on:%d/%m/%Y}) vient avant le début ({post.starts_on:%d/%m/%Y}).")
    if fault := brigade_rules.levels_fault(profile.preferred, profile.refused):
        reasons.append(fault)
    return reasons
