"""The account of one person: what was done of the 18 hours, and what is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from circo.hours.rules.counting import DISTANCE, QUARTER_MINUTES, Category, Mode
from circo.hours.rules.durations import hours_words, in_words
from circo.hours.rules.entries import COUNTED_STATES, STATE_LABELS, State


@dataclass(frozen=True)
class Account:
    """What one person did of the 18 hours in one school year, in minutes. What was refused counts nowhere."""

    quota_minutes: int
    proposed_minutes: int = 0
    confirmed_minutes: int = 0  # and not validated yet
    validated_minutes: int = 0
    formation_minutes: int = 0
    distance_minutes: int = 0
    self_paced_minutes: int = 0
    self_paced_cap_minutes: int | None = None  # of the district; none: no cap

    @property
    def done_minutes(self) -> int:
        return self.proposed_minutes + self.confirmed_minutes + self.validated_minutes

    @property
    def scale_minutes(self) -> int:
        """The length of the gauge: what is owed, or what was done beyond."""
        return max(self.quota_minutes, self.done_minutes, QUARTER_MINUTES)

    @property
    def left_minutes(self) -> int:
        return max(0, self.quota_minutes - self.done_minutes)

    @property
    def formation_quota_minutes(self) -> int:
        """At least half of the hours, up to the next quarter.

        Source: circulaire 2016-115 of 19 August 2016.
        """
        half = -(-self.quota_minutes // 2)
        return -(-half // QUARTER_MINUTES) * QUARTER_MINUTES

    @property
    def formation_left_minutes(self) -> int:
        return max(0, self.formation_quota_minutes - self.formation_minutes)

    @property
    def cap_is_met(self) -> bool:
        cap = self.self_paced_cap_minutes
        return cap is not None and self.self_paced_minutes >= cap

    @property
    def is_complete(self) -> bool:
        return not self.left_minutes and not self.formation_left_minutes


Sums = Mapping[tuple[str, str, str], int]  # (state, category, mode) → minutes


def account_of(quota_minutes: int, sums: Sums, self_paced_cap_minutes: int | None = None) -> Account:
    """Draw up the account of one person from the sums of the entries."""

    def total(*, state: State | None = None, category: Category | None = None, modes: Collection[str] = Mode) -> int:
        return sum(
            minutes
            for (its_state, its_category, mode), minutes in sums.items()
            if its_state in COUNTED_STATES
            and (state is None or its_state == state)
            and (category is None or its_category == category)
            and mode in modes
        )

    return Account(
        quota_minutes=quota_minutes,
        proposed_minutes=total(state=State.PROPOSED),
        confirmed_minutes=total(state=State.CONFIRMED),
        validated_minutes=total(state=State.VALIDATED),
        formation_minutes=total(category=Category.TRAINING_FORMATION),
        distance_minutes=total(modes=DISTANCE),
        self_paced_minutes=total(modes=(Mode.SELF_PACED,)),
        self_paced_cap_minutes=self_paced_cap_minutes,
    )


def sentence(account: Account) -> str:
    """Say what was done: « 7 h 30 sur 18 h, dont 5 h de formation continue »."""
    said = hours_words(account.done_minutes)
    if account.quota_minutes:
        said += f" sur {in_words(account.quota_minutes)}"
    if account.formation_minutes:
        said += f", dont {in_words(account.formation_minutes)} de formation continue"
    return said


def what_is_left(account: Account) -> str:
    """Say what is still to be done, and of which kind."""
    if not account.quota_minutes:
        return ""
    if account.is_complete:
        return "Tout y est, la moitié de formation continue comprise."
    formation = account.formation_left_minutes
    if not account.left_minutes:
        return f"Les heures y sont\u00a0; il manque {in_words(formation)} de formation continue, qui en fait la moitié."
    if formation > account.left_minutes:
        return f"Il reste {in_words(formation)} de formation continue à faire\u00a0: elle fait la moitié des heures."
    said = f"Il reste {in_words(account.left_minutes)}"
    return f"{said}, dont au moins {in_words(formation)} de formation continue." if formation else f"{said}."


def parts(account: Account) -> list[tuple[str, str, int, int]]:
    """Return the parts of the gauge that hold something: state, label, minutes, and the minute where it starts."""
    sums = {
        State.VALIDATED: account.validated_minutes,
        State.CONFIRMED: account.confirmed_minutes,
        State.PROPOSED: account.proposed_minutes,
    }
    found, start = [], 0
    for state, minutes in sums.items():
        if minutes:
            found.append((state.value, STATE_LABELS[state], minutes, start))
        start += minutes
    return found
