"""Pure rules of programmes and cohorts: the kinds of days of a placement, their order, and what is known of courses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from circo.errors import Refusal

NAME_MAX, TEXT_MAX = 120, 300
HALF_DAYS_MAX, WEEKS_MAX = 200, 40
PERIOD_MAX_DAYS = 200


class DayKind(StrEnum):
    """What a student does in a class. In this order: one observes, then shares the class, then holds it."""

    OBSERVATION = "OBSERVATION"
    ACCOMPANIED = "ACCOMPANIED"
    RESPONSIBILITY = "RESPONSIBILITY"


KIND_LABELS = {
    DayKind.OBSERVATION: "observation",
    DayKind.ACCOMPANIED: "pratique accompagnée",
    DayKind.RESPONSIBILITY: "responsabilité",
}


@dataclass(frozen=True)
class CourseModel:
    """A course as the texts describe it, to begin a programme from. Counts are in half-days."""

    slug: str
    name: str
    weeks: int
    kinds: tuple[DayKind, ...]
    before_accompanied: int
    before_responsibility: int


# Source: order of 27 August 2013 as modified in 2020 (MEEF: six weeks of observation and accompanied practice in the
# first year); ministry's page « Le master M2E », September 2025 (twelve weeks, then eighteen half-time weeks in
# responsibility). How much of a kind comes before the next is no text's: a school week, that each institution changes.
COURSE_MODELS = (
    CourseModel("m2e-1", "M2E, 1re année", 12, (DayKind.OBSERVATION, DayKind.ACCOMPANIED), 8, 8),
    CourseModel("m2e-2", "M2E, 2e année", 18, tuple(DayKind), 4, 4),
    CourseModel("meef-1", "Master MEEF, 1re année", 6, (DayKind.OBSERVATION, DayKind.ACCOMPANIED), 8, 8),
    CourseModel("meef-2", "Master MEEF, 2e année", 12, tuple(DayKind), 4, 4),
)


def course_model(slug: str) -> CourseModel | None:
    return next((one for one in COURSE_MODELS if one.slug == slug), None)


def in_order(kinds: Collection[str]) -> list[str]:
    """Return these kinds in the order in which a student meets them."""
    return [kind.value for kind in DayKind if kind.value in kinds]


def check_kinds(kinds: Collection[str]) -> None:
    """Refuse kinds of days that miss the one before them.

    Raises: Refusal.
    """
    ordered = in_order(kinds)
    if not ordered:
        raise Refusal("Choisissez au moins une sorte de journée.")
    expected = [kind.value for kind in DayKind][: len(ordered)]
    if ordered != expected:
        missing = next(kind for kind in DayKind if kind.value not in ordered)
        raise Refusal(
            "On observe d’abord, puis on partage la classe, puis on la tient\u00a0: il manque "
            f"«\u00a0{KIND_LABELS[missing]}\u00a0»."
        )


def kinds_in_words(kinds: Collection[str]) -> str:
    """Name kinds of days in their order: « observation, pratique accompagnée »."""
    return ", ".join(KIND_LABELS[DayKind(kind)] for kind in in_order(kinds))
