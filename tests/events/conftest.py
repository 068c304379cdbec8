"""What the tests of cover plans begin with: a brigade, an announced day, its plan once computed."""

import pytest

from tests.events.days import announced
from tests.events.plans import brigade_of, prepared, solved


@pytest.fixture
def staff(world):
    return brigade_of(world.here)


@pytest.fixture
def day(world, staff):
    return announced(world.here, world.inspector)


@pytest.fixture
def plan(day, world):
    return solved(prepared(day, world.secretary), world.secretary)
