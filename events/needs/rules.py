"""Which classes a sharing day leaves without a teacher: who holds a class on which half-day, and who is called. Pure.

What is known is posts: a teacher, a school, levels, half-days. Two posts are one class where they can only be that:
part weeks of the same levels that never meet, or the week of a head teacher and the days on which another takes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from circo.calendar.rules import HALVES, Half, HalfDay
from circo.rules import HALF_DAYS, PriorityStatus, levels_in_order

NOTE_MAX, CLASS_NOTE_MAX = 300, 2000
SMALL_SCHOOL, LARGE_SCHOOL = 3, 8  # classes: below, nobody can take the pupils; above, they can be shared out


class Span(StrEnum):
    AM = "AM"
    PM = "PM"
    DAY = "DAY"


SPAN_LABELS = {Span.AM: "matin", Span.PM: "après-midi", Span.DAY: "journée"}


class Priority(StrEnum):
    FIRST = "1"
    NEXT = "2"
    LAST = "3"


PRIORITY_LABELS = {Priority.FIRST: "d’abord", Priority.NEXT: "ensuite", Priority.LAST: "si possible"}


class Why(StrEnum):
    """Why somebody who is called leaves no class."""

    NO_CLASS = "NO_CLASS"
    NO_SCHOOL = "NO_SCHOOL"
    NOT_THAT_DAY = "NOT_THAT_DAY"
    HELD_BY_OTHER = "HELD_BY_OTHER"


WHY_LABELS = {
    Why.NO_CLASS: "pas de classe",
    Why.NO_SCHOOL: "l’école n’a pas classe ce jour-là",
    Why.NOT_THAT_DAY: "n’a pas sa classe ce jour-là",
    Why.HELD_BY_OTHER: "sa classe est tenue par quelqu’un d’autre ce jour-là",
}


@dataclass(frozen=True)
class Post:
    """One teacher in one school. `half_days`: those worked, as `MON_AM`; empty: all."""

    pk: int
    person_id: int
    school_id: int
    levels: frozenset[str]
    size: int | None = None
    half_days: frozenset[str] = frozenset()
    is_head: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.half_days

    @property
    def has_class(self) -> bool:
        return bool(self.levels) or self.size is not None


@dataclass(frozen=True)
class SchoolClass:
    """One class, and the posts that hold it by turns."""

    posts: tuple[Post, ...]

    @property
    def key(self) -> str:
        """The same as long as its first post lasts: by it a class is known from one day to the other."""
        return str(min(post.pk for post in self.posts))

    @property
    def school_id(self) -> int:
        return self.posts[0].school_id

    @property
    def levels(self) -> list[str]:
        """In the order of the school."""
        return levels_in_order(frozenset().union(*(post.levels for post in self.posts)))

    @property
    def size(self) -> int | None:
        return max((post.size for post in self.posts if post.size is not None), default=None)

    def held_by(self, half_day: HalfDay) -> Post | None:
        """Whose class it is on a half-day: whoever works it by name before whoever works all the week."""
        code = half_day.week_code
        named = (post for post in self.posts if code in post.half_days)
        whole = (post for post in self.posts if post.is_whole)
        return next(named, None) or next(whole, None)


def classes_of(posts: Iterable[Post]) -> list[SchoolClass]:
    """Tell which posts are one class. The order in which they come changes nothing.

    Bound: levels and half-days are all that is known: two part-time classes of the same levels whose days never meet
    are taken for one.
    """
    alike: dict[tuple[int, frozenset[str]], list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda one: one.pk):
        if post.has_class:
            alike[post.school_id, post.levels].append(post)
    return sorted((one for group in alike.values() for one in _classes_alike(group)), key=lambda one: int(one.key))


def _classes_alike(posts: Sequence[Post]) -> list[SchoolClass]:
    parts = _shared([post for post in posts if not post.is_whole])
    found = []
    for head in sorted((post for post in posts if post.is_whole), key=lambda one: (not one.is_head, one.pk)):
        relief = next((part for part in parts if head.is_head and _is_relief(part)), None)
        if relief is not None:
            parts.remove(relief)
        found.append(SchoolClass((head, *(relief or ()))))
    return [*found, *(SchoolClass(tuple(part)) for part in parts)]


def _shared(parts: Sequence[Post]) -> list[list[Post]]:
    """Put part weeks together that never meet, the first that fits."""
    found: list[list[Post]] = []
    for post in parts:
        home = next((one for one in found if not any(post.half_days & other.half_days for other in one)), None)
        if home is None:
            found.append([post])
        else:
            home.append(post)
    return found


def _is_relief(part: Sequence[Post]) -> bool:
    """Half of the week at the most: beyond, it is a class of its own."""
    return 2 * len(frozenset().union(*(post.half_days for post in part))) <= len(HALF_DAYS)


@dataclass(frozen=True)
class Wanted:
    """One class to be taken, on one date; `people` are those who leave it."""

    school_class: SchoolClass
    span: Span
    people: frozenset[int]


def span_of(halves: Collection[Half]) -> Span:
    """Name a morning, an afternoon, or both."""
    return Span.DAY if len(set(halves)) == len(HALVES) else Span(next(iter(halves)))


def wanted(
    classes: Iterable[SchoolClass],
    called: Mapping[int, Collection[HalfDay]],
    teaching: Mapping[int, Collection[HalfDay]],
) -> list[Wanted]:
    """Return the classes to be taken on one date.

    `called`: by person, the half-days for which they are called; `teaching`: by school, those with class.
    """
    found = []
    for one in classes:
        if left := _left(one, called, teaching):
            found.append(Wanted(one, span_of(left), frozenset(left.values())))
    return found


def _left(
    one: SchoolClass, called: Mapping[int, Collection[HalfDay]], teaching: Mapping[int, Collection[HalfDay]]
) -> dict[Half, int]:
    """Who leaves a class, by half of the day."""
    left: dict[Half, int] = {}
    for half_day in teaching.get(one.school_id, ()):
        holder = one.held_by(half_day)
        if holder is not None and half_day in called.get(holder.person_id, ()):
            left[half_day.half] = holder.person_id
    return left


def leaving(
    classes: Iterable[SchoolClass],
    called: Mapping[int, Collection[HalfDay]],
    teaching: Mapping[int, Collection[HalfDay]],
) -> dict[int, dict[Half, set[int]]]:
    """Return, by school and half of the day, who leaves a class there. Reads as `wanted` does."""
    found: dict[int, dict[Half, set[int]]] = {}
    for one in classes:
        for half, person_id in _left(one, called, teaching).items():
            found.setdefault(one.school_id, {}).setdefault(half, set()).add(person_id)
    return found


def why_none(
    person_id: int,
    classes: Collection[SchoolClass],
    half_days: Collection[HalfDay],
    teaching: Mapping[int, Collection[HalfDay]],
) -> Why:
    """Say why somebody who is called on these half-days leaves no class."""
    own = [(one, post) for one in classes for post in one.posts if post.person_id == person_id]
    if not own:
        return Why.NO_CLASS
    taught = [(one, post, each) for one, post in own for each in half_days if each in teaching.get(one.school_id, ())]
    if not taught:
        return Why.NO_SCHOOL
    if any(one.held_by(each) not in (None, post) and post.is_whole for one, post, each in taught):
        return Why.HELD_BY_OTHER
    return Why.NOT_THAT_DAY


def priority_of(class_count: int, priority_status: str) -> tuple[Priority, str]:
    """Return the rank of a class before anybody says otherwise, and why, in words.

    Source: docs/decisions/0030-brigade.md (a choice of ours: the team changes it class by class).
    """
    if class_count < SMALL_SCHOOL:
        words = "école d’une seule classe" if class_count <= 1 else f"école de {class_count}\u00a0classes"
        return Priority.FIRST, f"{words}\u00a0: personne d’autre pour accueillir les élèves"
    if priority_status == PriorityStatus.REP_PLUS:
        return Priority.FIRST, "école REP+"
    if class_count >= LARGE_SCHOOL:
        return Priority.LAST, f"école de {class_count}\u00a0classes\u00a0: les élèves peuvent être répartis"
    return Priority.NEXT, f"école de {class_count}\u00a0classes"


# --- Schools that too many leave --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Leaver:
    """Somebody who leaves a class, and what decides whether they are kept at school when too many leave."""

    person_id: int
    name: tuple[str, str]
    rank: str = ""  # of the class, as its `Priority` says; none before needs are computed
    is_guest: bool = False
    came_before: bool = False  # to another day of the year
    is_called: bool = True
    has_answered: bool = True

    @property
    def order(self) -> tuple:
        """Who is kept first: a guest, then the class that the plan covers last, then whoever loses the least."""
        last_first = -int(self.rank or Priority.NEXT)
        return (not self.is_guest, last_first, not self.came_before, self.is_called, self.has_answered, self.name)

    @property
    def why(self) -> str:
        """Why this one rather than another, in a few words."""
        found = ["invité·e, hors des réseaux"] if self.is_guest else []
        if self.rank == Priority.LAST:
            found.append("le plan couvre cette classe en dernier")
        found += ["déjà à une journée cette année"] if self.came_before else []
        if not self.is_called:
            found.append("convocation pas encore envoyée")
        elif not self.has_answered:
            found.append("pas encore de réponse")
        return ", ".join(found) or "à égalité avec les autres, dans l’ordre des noms"


def kept_back(leaving: Mapping[Half, Collection[Leaver]], most: int) -> list[Leaver]:
    """Choose who would stay so that no half-day loses more than `most`, in `Leaver.order`."""
    left = {half: set(people) for half, people in leaving.items()}
    kept: list[Leaver] = []
    for one in sorted({one for people in leaving.values() for one in people}, key=lambda one: one.order):
        if any(one in people and len(people) > most for people in left.values()):
            kept.append(one)
            for people in left.values():
                people.discard(one)
    return kept
