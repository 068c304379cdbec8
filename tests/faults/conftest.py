from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import override_settings

from tests import world as world_module
from tests.faults import clips, invariants
from tests.faults.clips import Clip
from tests.faults.stage import Stage, asked, database_at, stage
from tests.processes import wait_for
from tests.videos.films import deposited
from tests.videos.worker import broker_at
from tests.world import World
from videos.models import Film

SETTLES_WITHIN_S = 180


@dataclass
class Scene:
    """A stage, the people on it, and the films that they deposited."""

    stage: Stage
    world: World
    clips: dict[str, Clip]
    films: dict[Film, Clip]
    monkeypatch: pytest.MonkeyPatch
    most_attempts: int = 0

    def deposit(self, *names: str) -> list[Film]:
        """Deposit films of these names."""
        return [self.deposit_bytes(name, self.clips[name].content, self.clips[name]) for name in names]

    def deposit_bytes(self, title: str, content: bytes, clip: Clip) -> Film:
        """Deposit these bytes, of which the same is to be made as of that film."""
        film = deposited(content, self.world.amina, self.world.here.group, title=title)
        self.films[film] = clip
        return film

    def settle(self, within_s: float = SETTLES_WITHIN_S) -> None:
        wait_for(self.has_settled, within_s, "every film is done or refused")

    def has_settled(self) -> bool:
        self.most_attempts = max(self.most_attempts, asked(invariants.most_attempts, default=0))
        return asked(invariants.is_settled, default=False)

    def first_attempt_is_over(self) -> None:
        """Wait until a job has been given to a second worker."""
        wait_for(lambda: asked(invariants.most_attempts, default=0) > 1, 30, "a job is taken a second time")

    def problems(self) -> dict[str, list[str]]:
        """What is wrong now that all has settled, and been cleaned."""
        invariants.clean_up(self.monkeypatch)
        return {kind: told for kind, told in invariants.problems(self.stage, self.films).items() if told}


@pytest.fixture(scope="package")
def _platform(django_db_blocker) -> Iterator[tuple[Stage, World, dict[str, Clip]]]:
    """One stage for all fault tests, and films prepared on it in peace."""
    with (
        stage() as made,
        django_db_blocker.unblock(),
        database_at(made.database.url),
        broker_at(f"redis+socket://{made.socket}"),
        override_settings(MEDIA_ROOT=made.media, FILM_DISK_FLOOR_BYTES=1024**2),
    ):
        world = world_module.build()
        films = clips.make(made.folder, world.amina, world.here.group)
        yield made, world, films


@pytest.fixture
def scene(_platform, settings, monkeypatch) -> Iterator[Scene]:
    made, world, films = _platform
    settings.MEDIA_ROOT = made.media
    clips.forget_everything()
    made.use_tool()
    yield Scene(made, world, films, {}, monkeypatch)
    made.stop(*(made.running.keys() - {"broker"}))
