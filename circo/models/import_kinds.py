"""Which sorts of tables are imported, and who may bring each: the ground's own, and those that the apps above register.

An app registers its kinds in `AppConfig.ready()`. A kind is of districts, of whole départements, or of institutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circo.access import Permission
from circo.rules import Place

if TYPE_CHECKING:
    from circo.access import Anyone
    from circo.imports.lines import Importer


@dataclass(frozen=True)
class Kind:
    """One sort of import, and what its pages say. `permission` is asked in the place where it is brought."""

    code: str  # kept with each import
    slug: str
    label: str  # « Importer des … »
    detail: str  # what it brings, on the list
    note: str  # what one should know of its columns
    importer: Importer
    permission: Permission = Permission.IMPORT
    place: Place = Place.DISTRICT
    has_invitations: bool = False

    @property
    def title(self) -> str:
        return f"Importer des {self.label}"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def registered() -> list[Kind]:
    return list(_kinds.values())


def kind_of(code: str) -> Kind:
    return _kinds[code]


def choices() -> list[tuple[str, str]]:
    """What the database knows of them: a code and its words."""
    return [(kind.code, kind.label) for kind in registered()]


def place_ids_of(person: Anyone, kind: Kind) -> frozenset[int]:
    """The places, of the sort that `kind` asks for, in which this person may bring such a table."""
    reach = person.reach()
    found = {
        Place.DISTRICT: reach.district_ids_for,
        Place.DEPARTEMENT: reach.departement_ids_for,
        Place.INSTITUTION: reach.institution_ids_for,
    }
    return found[kind.place](kind.permission)


def brought_by(person: Anyone) -> list[Kind]:
    """The sorts of tables that this person may bring somewhere."""
    return [kind for kind in registered() if place_ids_of(person, kind)]
