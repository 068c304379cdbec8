"""The statement of each person: the account, the lines and their signatures, as the letter shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from django.utils import timezone

from circo.documents.letters import HoursLine, HoursStatement, HoursSum, Sender
from circo.documents.rules import day
from circo.hours import queries, recounting, rules
from circo.hours.rules import CATEGORY_LABELS, MODE_LABELS, STATE_LABELS, Account, State
from circo.models import HourEntry, IssuedDocument, Person, SchoolYear
from circo.rules import ROLE_LABELS, Role


def statements(
    people: Sequence[Person],
    year: SchoolYear,
    drawn_up: Mapping[int, Account],
    issued: Mapping[int, IssuedDocument],
    by: Person,
) -> list[HoursStatement]:
    """The statement of each of these people: four queries for all, and the accounts that are given."""
    ids = [person.pk for person in people]
    services, lines = queries.services(ids, year), queries.lines_seen(by, ids, year)
    counting, today = queries.self_paced_of(services), timezone.localdate()
    found = []
    for person in people:
        account, entries = drawn_up[person.pk], lines.get(person.pk, [])
        formation, self_paced = rules.portions(account)
        document, held = issued[person.pk], services[person.pk]
        share = queries.mean_share(held, year)
        elsewhere = account.done_minutes - sum(entry.minutes for entry in entries)
        found.append(
            HoursStatement(
                name=str(person),
                quality=", ".join(dict.fromkeys(_service(one.role, one.school) for one in held)),
                school_year=str(year),
                quota=_quota(account, share),
                done=rules.sentence(account),
                validated=rules.hours_words(account.validated_minutes),
                formation=formation.words,
                self_paced=self_paced.words,
                left=rules.what_is_left(account),
                derogation=queries.derogation_words(counting.get(person.pk), year, today),
                sums=tuple(_sums(entries, account)),
                lines=tuple(_line(entry) for entry in entries),
                note=_elsewhere(elsewhere),
                sender=Sender(subline=document.district.name) if document.district else None,
                written_on=document.issued_on,
                code=document.code,
            )
        )
    return found


def _service(role: str, school: object) -> str:
    label = ROLE_LABELS[Role(role)].lower()
    return f"{label}, {school}" if school else label


def _quota(account: Account, share: Fraction) -> str:
    if not account.quota_minutes:
        return ""
    words = rules.in_words(account.quota_minutes)
    return words if share in (0, 100) else f"{words}, pour une quotité de {float(share):.0f}\u00a0%"


def _sums(entries: Iterable[HourEntry], account: Account) -> Iterable[HoursSum]:
    entries = list(entries)
    for labels, name in ((CATEGORY_LABELS, "category"), (MODE_LABELS, "mode")):
        for value, label in labels.items():
            mine = [entry for entry in entries if getattr(entry, name) == value]
            total = sum(entry.minutes for entry in mine)
            if total:
                validated = sum(entry.minutes for entry in mine if entry.state == State.VALIDATED)
                percent = rules.percent_of(total, account)
                part = "" if percent is None else f"{percent}\u00a0%"
                yield HoursSum(label.capitalize(), rules.in_words(total), rules.hours_words(validated), part)


def _line(entry: HourEntry) -> HoursLine:
    duration = rules.in_words(entry.minutes)
    if entry.announced_minutes:
        duration += f", plafond atteint ({rules.in_words(entry.announced_minutes)} annoncées)"
    return HoursLine(
        on=day(entry.on),
        label=entry.label,
        origin=recounting.origin_of(entry.source),
        kind=f"{CATEGORY_LABELS[rules.Category(entry.category)]}, {MODE_LABELS[rules.Mode(entry.mode)]}",
        duration=duration,
        state=_state(entry),
    )


def _state(entry: HourEntry) -> str:
    signed_at = entry.validated_at or entry.confirmed_at
    label = STATE_LABELS[State(entry.state)]
    if signed_at is None:
        return f"{label}, proposées le {day(timezone.localdate(entry.proposed_at))}"
    return f"{label} le {day(timezone.localdate(signed_at))}"


def _elsewhere(minutes: int) -> str:
    if minutes <= 0:
        return ""
    return f"{rules.in_words(minutes)} ont été faites dans une autre circonscription, qui en tient le détail."
