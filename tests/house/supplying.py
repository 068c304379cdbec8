"""What a subject tells the sweeps of itself. Apart from `routes`, which imports each subject's supplier."""

from __future__ import annotations

from dataclasses import dataclass, field

from circo.models import Person
from tests.world import Ground, World


@dataclass(frozen=True)
class Scene:
    """Whose objects are made: of which ground, and with which mark in their texts."""

    world: World
    ground: Ground
    teacher: Person
    secretary: Person
    mark: str


@dataclass(frozen=True)
class Supplied:
    """What one subject adds: the arguments of its URLs by URL name, the objects of its admin by the model's name."""

    urls: dict[str, dict] = field(default_factory=dict)
    admin: dict[str, object] = field(default_factory=dict)
