"""Two files of distances at once: the second waits for the first, then corrects it."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from circo.imports import lines, running
from circo.models.import_kinds import kind_of
from events.brigade.imports import distances
from events.models import SchoolDistance
from tests.networks.test_places_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def written_at_once(world, *kilometres: str) -> list:
    """Read a file each while no distance is known, then write them all at once; return what each was told."""
    one, other = (school.uai for school in world.here.schools)
    kind, by = kind_of("DISTANCES"), world.brigade_manager
    authority = lines.authority_of(place=world.here.departement, kind=kind, by=by, on=timezone.localdate())
    files = [BytesIO(f"de;à;km\n{one};{other};{km}\n{other};{one};{km}".encode()) for km in kilometres]
    read = [running.plan(kind.importer, file, authority, lambda _: None)[0] for file in files]

    def write(planned):
        try:
            with transaction.atomic():
                kind.importer.write(planned, authority)
        except IntegrityError as error:
            return error

    return race([lambda planned=planned: write(planned) for planned in read])


def test_the_second_waits_and_corrects_the_first(world):
    assert written_at_once(world, "12", "13") == [None, None]
    assert SchoolDistance.objects.count() == 2
    assert len(set(SchoolDistance.objects.values_list("metres", flat=True))) == 1, "one file or the other, whole"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_canary_without_reading_again_the_database_refuses_the_second(world, monkeypatch):
    monkeypatch.setattr(distances, "_over_now", lambda changes: changes)
    assert [type(one) for one in written_at_once(world, "12", "13") if one is not None] == [IntegrityError]
