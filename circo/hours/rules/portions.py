"""Two parts of the account that are looked at against the 18 hours: continuing training, and what is self-paced."""

from __future__ import annotations

from dataclasses import dataclass

from circo.hours.rules.accounts import Account
from circo.hours.rules.durations import hours_words, in_words


@dataclass(frozen=True)
class Portion:
    """A part of what is owed, and the mark that it is to reach or not to pass; no mark: nothing asks it.

    Units: minutes.
    """

    label: str
    minutes: int
    scale_minutes: int  # the length of its figure
    words: str
    mark_minutes: int | None = None


def portions(account: Account) -> tuple[Portion, Portion]:
    """Return the continuing training and the self-paced hours of an account, the same for whoever reads it."""
    least, most = account.formation_quota_minutes, account.self_paced_cap_minutes
    formation, self_paced = account.formation_minutes, account.self_paced_minutes
    return (
        Portion(
            "Formation continue",
            formation,
            account.scale_minutes,
            _against(formation, account) + (f"\u00a0; au moins {in_words(least)}" if least else ""),
            least or None,
        ),
        Portion(
            "À distance, à son rythme",
            self_paced,
            account.scale_minutes,
            _against(self_paced, account) + ("" if most is None else f"\u00a0; au plus {hours_words(most)}"),
            most if most is not None and most < account.scale_minutes else None,
        ),
    )


def percent_of(minutes: int, account: Account) -> int | None:
    """Return which part of what is owed some hours make, in whole percent; None where nothing is owed."""
    return round(100 * minutes / account.quota_minutes) if account.quota_minutes else None


def _against(minutes: int, account: Account) -> str:
    percent = percent_of(minutes, account)
    if percent is None:
        return hours_words(minutes)
    return f"{hours_words(minutes)} sur {in_words(account.quota_minutes)}, soit {percent}\u00a0%"
