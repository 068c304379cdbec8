"""The moves of entries: who signs, and what is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from circo.access import Permission
from circo.errors import Refusal
from circo.hours import queries, rules, telling
from circo.hours.rules import Mode, Move, State
from circo.hours.writing import hold_account
from circo.models import HourEntry, Person


@dataclass(frozen=True)
class Moved:
    """What a move did, and how many entries it left as they were: somebody else was first."""

    entries: list[HourEntry]
    left: int

    @property
    def ids(self) -> list[int]:
        return [entry.pk for entry in self.entries]


@transaction.atomic
def move(*, ids: Iterable[int], move: Move, by: Person, reason: str = "") -> Moved:
    """Make one move of several entries; those that no longer stand where it begins stay as they are.

    So do refused ones that would pass the cap of self-paced hours if they counted again.
    Raises: Refusal if it moves nothing, or refuses without saying why.
    """
    rule = rules.MOVES[move]
    if rule.target is State.REFUSED and not reason.strip():
        raise Refusal("Dites pourquoi ces heures ne sont pas retenues.")
    mine = HourEntry.objects.with_right(by, Permission(rule.right.value)).filter(pk__in=set(ids))
    if move is Move.RECONSIDER:
        for person_id in sorted(set(mine.filter(mode=Mode.SELF_PACED).order_by().values_list("person_id", flat=True))):
            hold_account(person_id)
    # In one order for all: two batches that cross never wait for one another.
    held = list(mine.select_for_update(of=("self",)).select_related("person", "school_year").order_by("pk"))
    moved = [entry for entry in held if entry.state in rule.sources]
    if not moved:
        raise Refusal(rule.refusal)
    if move is Move.RECONSIDER:
        moved = _that_the_cap_leaves(moved)
    former = [entry for entry in moved if entry.state == State.REFUSED]
    for entry in moved:
        _sign(entry, rule.target, by, reason.strip())
    bulk_update_with_history(moved, HourEntry, _SIGNED_FIELDS, batch_size=500, default_user=by)
    if rule.target is State.REFUSED:
        telling.tell_refused(moved)
    telling.untell_refused(former)
    return Moved(moved, len(held) - len(moved))


def _that_the_cap_leaves(refused: list[HourEntry]) -> list[HourEntry]:
    """Return those of these entries that may count again.

    Raises: Refusal if there are none.
    """
    found: list[HourEntry] = []
    back: dict[tuple[int | None, int], int] = defaultdict(int)  # minutes that count again, by person and year
    for entry in refused:
        if entry.mode == Mode.SELF_PACED and entry.person is not None:
            account = (entry.person_id, entry.school_year_id)
            used = queries.self_paced_minutes(entry.person, entry.school_year, without=[]) + back[account]
            cap = queries.self_paced_rules(entry.district_id).cap_minutes
            if rules.within_cap(entry.minutes, cap, used) < entry.minutes:
                continue
            back[account] += entry.minutes
        found.append(entry)
    if not found:
        raise Refusal("Le plafond des heures à distance, à son rythme, est déjà atteint\u00a0: elles n’y entrent plus.")
    return found


_SIGNED_FIELDS = [
    "state",
    "reason",
    *(f"{name}_{part}" for name in rules.SIGNATURES for part in ("at", "by")),
]


def _sign(entry: HourEntry, target: State, by: Person, reason: str) -> None:
    """Give an entry the signatures of its new state, and no other; those that it has already stay."""
    for name in rules.SIGNATURES:
        if name not in rules.SIGNED[target]:
            setattr(entry, f"{name}_at", None)
            setattr(entry, f"{name}_by", None)
        elif getattr(entry, f"{name}_at") is None:
            setattr(entry, f"{name}_at", timezone.now())
            setattr(entry, f"{name}_by", by)
    entry.state = target.value
    entry.reason = reason if target is State.REFUSED else ""
