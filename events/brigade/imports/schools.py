"""The school that a cell of these tables names."""

from __future__ import annotations

from collections.abc import Mapping

from circo.imports.lines import Authority, Reader
from circo.imports.people import unknown_school
from circo.models import School


def school_of(reader: Reader, name: str, schools: Mapping[str, School], authority: Authority) -> School | None:
    """Find the school of a UAI in the département of the import; else say in `reader` why there is none."""
    uai = reader.need(name, lambda text, _: text.upper())
    school = schools.get(uai or "")
    if school is None:
        reader.reasons += [unknown_school(uai)] if uai else []
    elif school.district.departement_id != authority.departement.pk:
        reader.reasons.append(f"L’école {uai} est d’un autre département ({school.district}).")
        return None
    return school
