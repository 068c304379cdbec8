"""The page of blurring: how far it is, the areas among which one chooses, and who may be hidden by it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import Todo
from circo.rules import number_in
from videos import rules
from videos.blurring import rules as blurring_rules
from videos.captions.rules import clock
from videos.models import Absence, Blurring, BlurringState, Film, HiddenArea, Recorded, SearchedStretch
from videos.queries.preparing import progress_of
from videos.queries.projects import people_of

AREAS_A_PAGE = 24
WINDOW_MAX_S = 120.0  # of areas asked for at once
CHOICES = {"": "Toutes", "floutees": "Floutées", "visibles": "Visibles"}
CHOSEN = {"floutees": True, "visibles": False}


def areas(person: Person) -> QuerySet[HiddenArea]:
    """The areas of one's own films; none once the blurred film is approved."""
    return HiddenArea.objects.visible_to(person)


@dataclass(frozen=True)
class AreaRow:
    """One area, as the list shows it."""

    pk: int
    by_hand: bool
    is_chosen: bool
    has_thumbnail: bool
    start_s: float
    end_s: float

    @property
    def name(self) -> str:
        return "Zone" if self.by_hand else "Visage"

    @property
    def part(self) -> str:
        return f"de {rules.timecode(self.start_s)} à {rules.timecode(self.end_s)}"


@dataclass(frozen=True)
class Tally:
    """How many areas there are, how many are to be blurred, how many were found by the machine."""

    count: int
    chosen: int
    faces: int

    @property
    def drawn(self) -> int:
        return self.count - self.faces


@dataclass(frozen=True)
class BlurringPage:
    """All that the page shows. `state` is that of BlurringState, or nothing as long as nothing was asked."""

    film: Film
    blurring: Blurring | None
    state: str
    percent: int  # of what goes on: the search, or the making of the blurred film
    text: str  # the same in words
    tally: Tally
    areas: Page
    tabs: list[tuple[str, str, bool]]
    query: str  # what the links to the other pages of areas keep
    kept: str  # what the forms of this page lead back to
    edited: HiddenArea | None  # the area that one corrects
    saved: AreaRow | None  # the one that was just drawn
    start_s: float  # where the film begins

    @property
    def is_choosing(self) -> bool:
        return self.state in (BlurringState.SEARCHING, BlurringState.CHOOSING)

    @property
    def points(self) -> str:
        """The way of the corrected area, for the script."""
        return json.dumps(self.edited.path) if self.edited else ""


def blurring_page(
    film: Film, person: Person, *, asked: Mapping[str, str] = MappingProxyType({}), start_s: float = 0.0
) -> BlurringPage:
    """Read how far the blurring of `film` is, a film of one's own, and one page of its areas.

    `asked` may name, as text, which areas (`voir`), which page of them (`page`), the one to correct (`zone`), and the
    one just drawn (`faite`).
    """
    held = Blurring.objects.visible_to(person).filter(film=film).first()
    found = areas(person).filter(blurring=film.pk)
    told = found.order_by().aggregate(
        count=Count("pk"), chosen=Count("pk", filter=Q(is_chosen=True)), faces=Count("pk", filter=Q(by_hand=False))
    )
    percent, text = _progress(film, held)
    seen = asked.get("voir", "") if asked.get("voir", "") in CHOSEN else ""
    saved = _one(found, asked.get("faite", ""))
    shown = found.filter(is_chosen=CHOSEN[seen]) if seen else found
    number = asked.get("page", "") or (_page_of(shown, saved) if saved else "1")
    listed = Paginator(_rows(shown), AREAS_A_PAGE).get_page(number)
    listed.object_list = [AreaRow(*row) for row in listed.object_list]
    kept = {name: value for name, value in (("voir", seen), ("page", asked.get("page", ""))) if value}
    return BlurringPage(
        film=film,
        blurring=held,
        state=held.state if held else "",
        percent=percent,
        text=text,
        tally=Tally(**told),
        areas=listed,
        tabs=_tabs(film, seen),
        query=urlencode({"voir": seen} if seen else {}),
        kept=urlencode(kept),
        edited=_one(found, asked.get("zone", "")),
        saved=AreaRow(*_rows(found.filter(pk=saved.pk)).get()) if saved else None,
        start_s=start_s,
    )


def _one(found: QuerySet[HiddenArea], asked: str) -> HiddenArea | None:
    return found.filter(pk=pk).defer("thumbnail").first() if (pk := number_in(asked)) else None


def _page_of(shown: QuerySet[HiddenArea], area: HiddenArea) -> int:
    before = Q(start_s__lt=area.start_s) | Q(start_s=area.start_s, pk__lt=area.pk)
    return shown.filter(before).count() // AREAS_A_PAGE + 1


def _rows(found: QuerySet[HiddenArea]) -> QuerySet[HiddenArea, Any]:
    has_thumbnail = ExpressionWrapper(~Q(thumbnail=b""), output_field=BooleanField())
    return found.annotate(has_thumbnail=has_thumbnail).values_list(
        "pk", "by_hand", "is_chosen", "has_thumbnail", "start_s", "end_s"
    )


def _tabs(film: Film, seen: str) -> list[tuple[str, str, bool]]:
    address = reverse("videos:blurring", args=[film.pk])
    return [(words, f"{address}?voir={name}" if name else address, name == seen) for name, words in CHOICES.items()]


def _progress(film: Film, held: Blurring | None) -> tuple[int, str]:
    if held is not None and held.state == BlurringState.SEARCHING:
        done = SearchedStretch.objects.filter(blurring=held).count()
        if done == held.stretches:
            return 99, "Les visages trouvés sont suivis d’une image à l’autre."
        percent = 100 * done // max(held.stretches, 1)
        if held.stretches == 1 or not done:
            return percent, "La recherche est en cours."
        minutes = "une minute parcourue" if done == 1 else f"{done}\u00a0minutes parcourues"
        return percent, f"{minutes} sur {held.stretches}"
    if held is not None and held.state == BlurringState.APPLYING:
        progress = progress_of(film)
        return progress.percent, progress.text
    return 0, ""


def areas_between(film: Film, person: Person, start_s: float, end_s: float) -> list[dict[str, Any]]:
    """The areas of a film of one's own between two seconds, for the picture: where each of them is meanwhile.

    Raises: ValueError if these are no two seconds of a film, or too far apart.
    """
    if not 0 <= start_s < end_s <= start_s + WINDOW_MAX_S:
        raise ValueError
    found = HiddenArea.objects.visible_to(person).between(start_s, end_s).filter(blurring=film.pk)
    return [
        {
            "id": pk,
            "chosen": is_chosen,
            "start": first_s,
            "end": last_s,
            "path": blurring_rules.within(path, start_s, end_s),
        }
        for pk, is_chosen, first_s, last_s, path in found.values_list("pk", "is_chosen", "start_s", "end_s", "path")
    ]


def hidable(film: Film) -> list[Recorded]:
    """The people of a film's project who are in it, those who refused first; each with `is_agreeing`."""
    if film.project_id is None:
        return []
    away = Absence.objects.filter(film=film, how=Absence.How.ABSENT).order_by().values("recorded_id")
    found = people_of([film.project_id], timezone.localdate()).exclude(pk__in=away)
    return sorted(found, key=lambda one: (not one.said_no, one.is_agreeing, one.pupil, one.label))


def exact(at_s: float) -> str:
    """Write a second of a film as one types it, to the thousandth: `0:03,25`."""
    return clock(round(1000 * at_s))


def blurring_todos(person: Person) -> Sequence[Todo]:
    """One's own films that are blurred, and wait to be looked at."""
    waiting = Blurring.objects.visible_to(person).filter(state=BlurringState.CHECKING).select_related("film")
    return [
        Todo(
            title="Un film flouté attend votre regard",
            detail=f"{one.film.title}\u00a0: personne d’autre ne le voit d’ici là.",
            url=reverse("videos:blurring", args=[one.film_id]),
            icon="eye",
        )
        for one in waiting.order_by("film__title", "pk")
    ]
