"""The pages of observations: who observes, what one notes, and what all have noted once the looks are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from circo.models import Person, Posting
from circo.queries import counted
from circo.registries import Todo
from videos.models import Criterion, Entry, Film, Observation, ObservationRound
from videos.models.observations import HIERARCHY
from videos.queries.circles import circle
from videos.queries.grids import with_criteria


def invitable(film: Film) -> models.QuerySet[Person]:
    """Those whom the author of a film may invite to observe it: oneself, and who sees it but for the hierarchy."""
    film = Film.objects.select_related("group__network__district").get(pk=film.pk)  # with all that `circle` reads
    over = Posting.objects.in_force(timezone.localdate()).filter(person=OuterRef("pk"), role__in=HIERARCHY).order_by()
    seeing = Q(pk__in=circle(film).order_by().values("pk")) & ~Q(Exists(over))
    return Person.objects.filter(seeing | Q(pk=film.author_id), is_active=True).order_by(
        "last_name", "first_name", "pk"
    )


def rounds(person: Person) -> models.QuerySet[ObservationRound]:
    """The observations that concern a person, with film, grid and criteria; `is_mine`: of a film of theirs."""
    rows = with_criteria(ObservationRound.objects.visible_to(person)).select_related("film__author")
    mine = models.ExpressionWrapper(Q(film__author_id=person.pk), output_field=models.BooleanField())
    return rows.annotate(is_mine=mine).fetch_mode(models.FETCH_RAISE)


@dataclass(frozen=True)
class Tally:
    """One observation in a list: how many look, how many have finished, and whether one waits for this person."""

    round: ObservationRound
    observers: int
    finished: int
    waits: bool


@dataclass(frozen=True)
class RoundListPage:
    """The observations of one film, or all those that concern a person."""

    tallies: list[Tally]
    removed: ObservationRound | None  # just taken away, can be brought back


def round_list_page(person: Person, *, film: Film | None = None, removed: int | None = None) -> RoundListPage:
    """Rows of the list of observations: those that wait for this person first, then the newest."""
    mine = Observation.objects.filter(round=OuterRef("pk"), observer_id=person.pk, finished_at=None).order_by()
    rows = rounds(person).annotate(
        observers=counted(Observation.objects.all(), "round"),
        finished=counted(Observation.objects.filter(finished_at__isnull=False), "round"),
        waits=Exists(mine) & Q(revealed_at=None),
    )
    if film is not None:
        rows = rows.filter(film_id=film.pk)
    found = [
        Tally(row, row.observers, row.finished, row.waits) for row in rows.order_by("-waits", "-created_at", "-pk")
    ]
    back = None
    if removed:
        back = ObservationRound.objects.restorable_by(person).filter(pk=removed).first()
    return RoundListPage(found, back)


@dataclass(frozen=True)
class Button:
    """One thing to press while one watches. `number` is its digit on the keyboard, beyond nine there is none."""

    label: str
    value: int | None
    number: int | None
    pressed: bool  # the answer in force
    count: int


@dataclass(frozen=True)
class Pad:
    """One criterion as one fills it in."""

    criterion: Criterion
    buttons: list[Button]
    count: int


@dataclass(frozen=True)
class RoundPage:
    """One observation for one person. `mine` is one's own look; `entries` are one's own until the looks are shown."""

    round: ObservationRound
    observations: list[Observation]
    mine: Observation | None
    entries: list[Entry]
    pads: list[Pad]
    removed: Entry | None
    may_invite: list[Person]
    is_mine: bool  # of one’s own film

    @property
    def is_filling(self) -> bool:
        return self.mine is not None and self.mine.finished_at is None and not self.round.is_revealed

    @property
    def may_reopen(self) -> bool:
        return self.mine is not None and self.mine.finished_at is not None and not self.round.is_revealed

    @property
    def may_close(self) -> bool:
        someone = any(one.finished_at for one in self.observations)
        return self.is_mine and not self.round.is_revealed and someone


def round_page(row: ObservationRound, person: Person, *, removed: int | None = None) -> RoundPage:
    """Read what the page of `row`, one of `rounds(person)`, shows as long as the looks are apart."""
    seen = Observation.objects.visible_to(person).filter(round_id=row.pk).select_related("observer")
    observations = list(seen.fetch_mode(models.FETCH_RAISE))
    mine = next((one for one in observations if one.observer_id == person.pk), None)
    entries = own_entries(mine, person) if mine else []
    back = None
    if removed and mine:
        back = _entries(Entry.objects.editable_by(person)).filter(observation_id=mine.pk, pk=removed).first()
    known = {one.observer_id for one in observations}
    is_mine = row.film.author_id == person.pk
    asks = is_mine and not row.is_revealed
    return RoundPage(
        round=row,
        observations=observations,
        mine=mine,
        entries=entries,
        pads=pads(row.grid.criteria.all(), entries),
        removed=back if back and back.removed_at else None,
        may_invite=[one for one in invitable(row.film) if one.pk not in known] if asks else [],
        is_mine=is_mine,
    )


def _entries(rows: models.QuerySet[Entry]) -> models.QuerySet[Entry]:
    return rows.select_related("criterion").fetch_mode(models.FETCH_RAISE)


def own_entries(mine: Observation, person: Person) -> list[Entry]:
    """What one has noted, in the order of the film."""
    return list(_entries(Entry.objects.visible_to(person)).filter(observation_id=mine.pk))


def pads(criteria: Iterable[Criterion], entries: Sequence[Entry]) -> list[Pad]:
    """Lay out the criteria as buttons: a digit for each of the first nine, the answer in force pressed."""
    counts = Counter(entry.criterion_id for entry in entries)
    last = {
        entry.criterion_id: entry.value for entry in sorted(entries, key=lambda entry: (entry.created_at, entry.pk))
    }
    number, found = 0, []
    for criterion in criteria:
        buttons = []
        for value, label in enumerate(criterion.answers) if criterion.answers else [(None, criterion.label)]:
            number += 1
            pressed = value is not None and last.get(criterion.pk) == value
            digit = number if number <= 9 else None
            buttons.append(Button(label, value, digit, pressed, counts[criterion.pk]))
        found.append(Pad(criterion, buttons, counts[criterion.pk]))
    return found


def observation_todos(person: Person) -> Sequence[Todo]:
    """The films that wait for this person's look."""
    rows = (
        Observation.objects.editable_by(person)
        .select_related("round__film", "round__grid")
        .fetch_mode(models.FETCH_RAISE)
    )
    return [
        Todo(
            title="Une séance attend votre regard",
            detail=f"{row.round.film.title}, avec la grille «\u00a0{row.round.grid.title}\u00a0»",
            url=reverse("videos:round_page", args=[row.round.film_id, row.round_id]),
            icon="eye",
        )
        for row in rows
    ]
