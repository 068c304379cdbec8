"""The classes of a school: how many, which levels, how many pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from circo.portal.demo.rows import SchoolRow
from circo.rules import CLASS_SIZE_MAX, GradeLevel, PriorityStatus, Role

PUPILS_PER_CLASS = {PriorityStatus.NONE: 20.5, PriorityStatus.REP: 18.0, PriorityStatus.REP_PLUS: 14.5}
LEAST_SHARE = 0.15  # of a level, below which a class does not hold it
ULIS_FROM_PUPILS = 180
CLASSES_PER_SUBSTITUTE = 9


@dataclass(frozen=True)
class Post:
    """Something to be held by one teacher: a class, the head's class, or a substitute's attachment."""

    school: SchoolRow
    role: Role
    levels: tuple[GradeLevel, ...] = ()
    pupils: int | None = None


def posts_of(school: SchoolRow, random: Random) -> list[Post]:
    """The posts of one school: the head's first, then a class each, then those of the substitutes attached to it."""
    count = max(1, round(school.pupils / PUPILS_PER_CLASS[school.priority]))
    posts = [
        Post(school, Role.TEACHER if rank else Role.HEAD_TEACHER, levels, _size(school.pupils / count, random))
        for rank, levels in enumerate(_shared(school.levels, count))
    ]
    if school.pupils >= ULIS_FROM_PUPILS:
        posts.append(Post(school, Role.TEACHER, (GradeLevel.ULIS,), random.randint(9, 12)))
    attached = count // CLASSES_PER_SUBSTITUTE + (
        random.random() < count % CLASSES_PER_SUBSTITUTE / CLASSES_PER_SUBSTITUTE
    )
    return posts + [Post(school, Role.SUBSTITUTE)] * attached


def _shared(levels: Sequence[GradeLevel], count: int) -> list[tuple[GradeLevel, ...]]:
    """Share the levels between the classes in order, so that a small school has classes of several levels."""
    shares = []
    for rank in range(count):
        start, end = rank * len(levels) / count, (rank + 1) * len(levels) / count
        held = [
            level
            for place, level in enumerate(levels)
            if min(end, place + 1) - max(start, place) >= min(LEAST_SHARE, (end - start) / 2)
        ]
        shares.append(tuple(held))
    return shares


def _size(mean: float, random: Random) -> int:
    return max(4, min(CLASS_SIZE_MAX, round(mean + random.uniform(-2.5, 2.5))))
