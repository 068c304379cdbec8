"""Which sorts of tables are imported, and who may bring each: the ground's own, and those that the apps above register.

An app registers its kinds in `AppConfig.ready()`. A kind is of districts, or of whole départements.
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
    """One sort of import, and what its pages say. `permission` is asked in the district, or the whole département."""

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


def brought_by(person: Anyone) -> list[Kind]:
    """The sorts of tables that this person may bring somewhere."""
    reach = person.reach()
    return [
        kind
        for kind in registered()
        if (reach.departement_ids_for if kind.place is Place.DEPARTEMENT else reach.district_ids_for)(kind.permission)
    ]
