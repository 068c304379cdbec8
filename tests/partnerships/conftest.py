"""What the tests of placements begin with: a day of November, a class and its students, colleagues who may observe."""

import pytest
import time_machine

from tests.partnerships.observed import Crossing
from tests.partnerships.placed import NOW, Stage


@pytest.fixture
def in_november():
    """A Thursday of school, from nine on; asked for by `usefixtures`, before the world is made."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def stage(world):
    return Stage(world)


@pytest.fixture
def crossing(world):
    return Crossing(world)
