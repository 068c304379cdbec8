"""Draw up the yearly statement: of oneself, of somebody whose hours one follows, of many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from circo.documents import actions as documents
from circo.documents.letters import HoursStatement
from circo.errors import Refusal
from circo.hours import queries, rules, statements
from circo.hours.rules import Account
from circo.models import IssuedDocument, LetterBatch, Person, SchoolYear

KIND = "Relevé des 18 heures"


@transaction.atomic
def draw_up(*, person: Person, year: SchoolYear, by: Person) -> HoursStatement:
    """Draw up the statement of one person, under a code; the same day, the same figures keep the same code.

    Raises: Refusal if nothing is asked of that person and nothing was done, or if `by` does not follow those hours.
    """
    if person.pk != by.pk and not queries.people_followed(by, year).filter(pk=person.pk).exists():
        raise Refusal("Vous ne suivez pas les heures de cette personne.")
    drawn_up = queries.accounts([person.pk], year)
    account = drawn_up[person.pk]
    if not account.quota_minutes and not account.done_minutes:
        raise Refusal("Aucune heure n’est attendue ni faite cette année\u00a0: il n’y a rien à relever.")
    issued = _issued([person], year, drawn_up, by)
    return statements.statements([person], year, drawn_up, issued, by)[0]


@transaction.atomic
def draw_up_all(*, people: Sequence[Person], year: SchoolYear, by: Person) -> LetterBatch:
    """Have the statements of these people made by a worker: one file to print, one archive.

    Raises: Refusal if there are none, or too many for one batch, or if `by` does not follow the hours of one of them.
    """
    ids = [person.pk for person in people]
    if queries.people_followed(by, year).filter(pk__in=ids).count() < len(set(ids)):
        raise Refusal("Vous ne suivez pas les heures de l’une de ces personnes.")
    drawn_up = queries.accounts(ids, year)
    issued = _issued(people, year, drawn_up, by)
    letters = statements.statements(people, year, drawn_up, issued, by)
    return documents.start_batch(title=f"Relevés des 18 heures, {year}", letters=letters, by=by)


def _issued(
    people: Sequence[Person], year: SchoolYear, drawn_up: Mapping[int, Account], by: Person
) -> dict[int, IssuedDocument]:
    """The code of each statement. What was issued before with other figures, or another day, no longer holds."""
    start = f"Année scolaire {year}\u00a0: "
    former = IssuedDocument.objects.filter(person__in=people, kind=KIND, subject__startswith=start, withdrawn_at=None)
    districts = queries.districts_of([person.pk for person in people], year)
    found: dict[int, IssuedDocument] = {}
    subjects = {person.pk: start + _figures(drawn_up[person.pk]) for person in people}
    for one in former.filter(issued_on=timezone.localdate()).select_related("district").order_by("pk"):
        if one.person_id is not None and one.subject == subjects[one.person_id]:
            found[one.person_id] = one
    documents.call_off(former.exclude(pk__in=[one.pk for one in found.values()]))
    new = {person: subjects[person.pk] for person in people if person.pk not in found}
    for one in documents.issue_all(kind=KIND, subjects=new, districts=districts, by=by):
        if one.person_id is not None:
            found[one.person_id] = one
    return found


def _figures(account: Account) -> str:
    return f"{rules.sentence(account)}\u00a0; {rules.hours_words(account.validated_minutes)} validées"
