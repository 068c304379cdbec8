"""The rows of the demonstration before they are in a database: plain values, tied together by natural keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from circo.rules import GradeLevel, PriorityStatus, Role, WeekPattern


@dataclass(frozen=True)
class SchoolRow:
    district: str
    uai: str
    name: str
    commune: str
    insee_code: str
    priority: PriorityStatus
    pupils: int
    latitude: float | None
    longitude: float | None
    levels: tuple[GradeLevel, ...]
    week: WeekPattern


@dataclass(frozen=True)
class PersonRow:
    """Somebody, known by an e-mail address. `since` is the first school year's first day."""

    email: str
    first_name: str
    last_name: str
    since: date
    is_superuser: bool = False


@dataclass(frozen=True)
class PostingRow:
    """`place` is a UAI, a district's name, a département's code or an institution's name, as the role asks."""

    email: str
    role: Role
    place: str
    starts_on: date
    ends_on: date | None = None
    levels: tuple[GradeLevel, ...] = ()
    class_size: int | None = None
    half_days: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupRow:
    district: str
    network: str
    name: str
    adviser: str


@dataclass(frozen=True)
class MembershipRow:
    email: str
    district: str
    group: str
    year: date
    stage: str
    left_on: date | None = None


@dataclass(frozen=True)
class DerogationRow:
    district: str
    reference: str
    allows: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Plan:
    """All of it."""

    years: tuple[date, ...]
    districts: tuple[str, ...]
    schools: tuple[SchoolRow, ...]
    people: tuple[PersonRow, ...]
    postings: tuple[PostingRow, ...]
    groups: tuple[GroupRow, ...]
    memberships: tuple[MembershipRow, ...]
    derogations: tuple[DerogationRow, ...]
