"""What the database holds of the people and schools that a file names, read in a few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.db.models.functions import Lower

from circo.imports import lines
from circo.imports.lines import Authority
from circo.models import Person, Posting, School

PostingKey = tuple[int, str, int | None, int | None, date]  # person, role, school, district, first day


@dataclass
class Known:
    """What the database holds of the people and schools that a file names."""

    people: dict[str, Person]
    schools: dict[str, School]
    postings: dict[PostingKey, Posting]
    running: dict[tuple[int, str], list[Posting]]  # of a person and a role, those of the district that one may change
    editable_ids: set[int]  # people whose names one may change
    seen: dict[str, int] = field(default_factory=dict)  # e-mail → line of this file


def gather(rows: Sequence[dict[str, str]], authority: Authority) -> Known:
    emails = sorted({cells["email"].lower() for cells in rows})
    schools = schools_by_uai({cells.get("uai", "").upper() for cells in rows})
    people: dict[str, Person] = {}
    for batch in lines.in_batches(emails):
        some = Person.objects.get_queryset().annotate(key=Lower("email")).filter(key__in=batch)
        people |= {person.key: person for person in some}
    return _with_postings(Known(people, schools, {}, {}, set()), authority)


def schools_by_uai(uais: set[str]) -> dict[str, School]:
    """The schools of these UAIs, with their district."""
    found: dict[str, School] = {}
    for batch in lines.in_batches(sorted(uais)):
        found |= {school.uai: school for school in School.objects.select_related("district").filter(uai__in=batch)}
    return found


def _with_postings(known: Known, authority: Authority) -> Known:
    here = Q(school__district=authority.district) | Q(district=authority.district)
    may_change = Posting.objects.all() if authority.by is None else Posting.objects.editable_by(authority.by)
    may_rename = Person.objects.get_queryset() if authority.by is None else Person.objects.editable_by(authority.by)
    for batch in lines.in_batches([person.pk for person in known.people.values()]):
        changeable = set(may_change.filter(person_id__in=batch).values_list("pk", flat=True))
        for posting in Posting.objects.filter(here, person_id__in=batch).select_related("school"):
            known.postings[key_of(posting)] = posting
            if posting.pk in changeable:
                known.running.setdefault((posting.person_id, posting.role), []).append(posting)
        known.editable_ids |= set(may_rename.filter(pk__in=batch).values_list("pk", flat=True))
    return known


def key_of(posting: Posting) -> PostingKey:
    return posting.person_id, posting.role, posting.school_id, posting.district_id, posting.starts_on
