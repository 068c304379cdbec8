"""Hours for the tests."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from circo import rules as ground
from circo.hours import actions
from circo.hours.rules import SIGNED, Category, Mode, State
from circo.models import HourEntry, Person


def first_day() -> date:
    return ground.school_year_bounds(timezone.localdate())[0]


def credit(person: Person, **said) -> HourEntry | None:
    """Three hours of a meeting, unless one says otherwise."""
    said.setdefault("on", timezone.localdate())
    said.setdefault("minutes", 180)
    said.setdefault("category", Category.TRAINING_ANIMATION)
    said.setdefault("mode", Mode.IN_PERSON)
    said.setdefault("source", "tests.meeting:1")
    said.setdefault("label", "Réunion de groupe")
    said.setdefault("by", person)
    return actions.credit(person=person, **said)


def entry_of(person: Person, signer: Person, state: State = State.PROPOSED, **said) -> HourEntry:
    """An entry in that state."""
    entry = credit(person, **said)
    at = timezone.now()
    for name in SIGNED[state]:
        setattr(entry, f"{name}_at", at)
        setattr(entry, f"{name}_by", signer)
    entry.state = state
    entry.reason = "Vous étiez absente ce jour-là." if state is State.REFUSED else ""
    entry.save()
    return entry
