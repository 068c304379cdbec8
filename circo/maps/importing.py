"""Outlines of communes, read from a GeoJSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from circo.errors import Refusal
from circo.maps import rules
from circo.models import Commune

FIELDS = ["name", "outline", "source"]


@transaction.atomic
def import_communes(file: Path, *, source: str, starts_with: str = "") -> int:
    """Write the outlines of the communes whose code begins so, in the place of those of before; return how many.

    Raises: Refusal, in words, for a file that holds no commune.
    """
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        rows = [_commune(one, source) for one in features if one["properties"]["code"].startswith(starts_with)]
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            "Ce fichier n’est pas un GeoJSON de communes\u00a0: chacune a un contour, et ses propriétés"
            " «\u00a0code\u00a0» et «\u00a0nom\u00a0»."
        ) from error
    if not rows:
        raise Refusal("Aucune commune de ce fichier n’a un code qui commence ainsi.")
    Commune.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["insee_code"], update_fields=FIELDS
    )
    return len(rows)


def _commune(feature: dict[str, Any], source: str) -> Commune:
    told = feature["properties"]
    rings = [rules.rounded(ring) for ring in _rings(feature["geometry"])]
    outline = [ring for ring in rings if len(ring) > 2]
    return Commune(insee_code=told["code"][:5], name=told["nom"][:120], outline=outline, source=source[:160])


def _rings(geometry: dict[str, Any]) -> Iterator[list[rules.Point]]:
    polygons = {"Polygon": lambda found: [found], "MultiPolygon": lambda found: found}[geometry["type"]]
    for polygon in polygons(geometry["coordinates"]):
        yield from polygon
