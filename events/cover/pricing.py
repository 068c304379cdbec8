"""The ISSR: what a substitute is paid for going to another school, by a dated scale. An estimate: ARIA is the record.

Nothing in the school of attachment, nor for who is not tenured (`pairing`); once a day, for the farthest school
(`counting`). Two rules are ARIA's alone: nothing for a replacement of a whole school year, or whose travel is paid
otherwise.
Source: décret 89-825 (amended by 2022-1189), arrêté of 27 August 2022.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from circo.errors import Refusal

KM = 1000


@dataclass(frozen=True)
class Scale:
    """One scale, in force from `since`. Units: kilometres, cents of euro a day.

    `steps` are (from this distance, so much); past `last_km`, each further `further_km` begun adds `further_cents`.
    """

    since: date
    steps: tuple[tuple[int, int], ...]
    last_km: int
    further_km: int
    further_cents: int


def scale_of(day: date, scales: Iterable[Scale]) -> Scale:
    """The scale in force on a day.

    Raises: Refusal when there is none.
    """
    found = max((scale for scale in scales if scale.since <= day), key=lambda scale: scale.since, default=None)
    if found is None:
        raise Refusal(f"Aucun barème de l’ISSR n’est connu au {day:%d/%m/%Y}.")
    return found


def cents_at(metres: np.ndarray, scale: Scale) -> np.ndarray:
    """What the scale gives for each distance; whole kilometres count, as the table says them."""
    km = np.asarray(metres) // KM
    starts, amounts = np.array([start for start, _ in scale.steps]), np.array([cents for _, cents in scale.steps])
    further = np.maximum(0, -((scale.last_km - km) // scale.further_km))
    return (amounts[np.searchsorted(starts, km, side="right") - 1] + further * scale.further_cents).astype(np.int64)
