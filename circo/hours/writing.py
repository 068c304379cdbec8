"""How an entry is written: once a source, corrected as long as nobody decided on it."""

from __future__ import annotations

from circo.hours.recounting import Claim
from circo.hours.rules import State
from circo.models import HourEntry, Person, SchoolYear


def hold_account(person_id: int) -> None:
    """Have whoever adds to the capped hours of a person wait for us: two at once would both find room.

    `no_key`: what merely names that person need not wait.
    """
    list(Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=person_id).values_list("pk"))


def write(claim: Claim, *, minutes: int, year: SchoolYear, district_id: int, by: Person) -> HourEntry:
    """Write what counts of a claim; what somebody decided on stays as it is.

    Units: minutes, those that count of the claim's.
    """
    said = {
        "on": claim.on,
        "school_year": year,
        "district_id": district_id,
        "minutes": minutes,
        "announced_minutes": claim.minutes if minutes < claim.minutes else None,
        "category": claim.category.value,
        "mode": claim.mode.value,
        "label": claim.label[:200],
        "path": claim.path,
    }
    held = HourEntry.objects.select_for_update(of=("self",))
    defaults = {**said, "proposed_by": by}
    entry, made = held.get_or_create(person=claim.person, source=claim.source, defaults=defaults)
    if not made and entry.state == State.PROPOSED:
        _correct(entry, said, by)
    return entry


def _correct(entry: HourEntry, said: dict[str, object], by: Person) -> None:
    """Write what changed, and no line of history where nothing did."""
    former = {name: getattr(entry, name) for name in said}
    if former != said:
        for name, value in said.items():
            setattr(entry, name, value)
        entry._history_user = by
        entry.save()


def unless_proposed(person: Person, source: str, *, by: Person) -> HourEntry | None:
    """Take back what nobody has decided on yet; return what somebody has."""
    entry = HourEntry.objects.select_for_update(of=("self",)).filter(person=person, source=source).first()
    if entry is not None and entry.state == State.PROPOSED:
        entry._history_user = by
        entry.delete()
        return None
    return entry
