"""Pure rules of students: how they travel, how many make a pair."""

from __future__ import annotations

from enum import StrEnum

PAIR_SIZE = 2
WISHES_MAX = 6  # practices: more would not be wishes


class Transport(StrEnum):
    CAR = "CAR"
    PUBLIC = "PUBLIC"


TRANSPORT_LABELS = {
    Transport.CAR: "en voiture",
    Transport.PUBLIC: "en transports en commun",
}
