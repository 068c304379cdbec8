"""The library: the films that a person sees, looked for and narrowed.

What narrows is read of all of them (`shelf`), what is shown of the films of one page alone.
Source: docs/decisions/0018-library.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.models import Person
from circo.models.folding import MOST_CHARACTERS, words_of
from circo.queries import Filter
from circo.registries import Found
from circo.rules import GradeLevel, levels_in_order, school_year_label
from videos.library import rules
from videos.library.rules import Card
from videos.models import CaptionTrack, Film, Subject
from videos.queries import finding
from videos.queries.captions import has_captions
from videos.queries.films import films, removed_films, schools_of
from videos.queries.finding import Hit
from videos.queries.shelf import Shelf, Talk, shelf, talks_about

FILMS_A_PAGE = 24
NEW_FOR = timedelta(days=7)  # captions are told of as new
VIEWS = {"": "Tous les films", rules.TO_DISCUSS: "À discuter", rules.MINE: "Les miens"}


# --- The page --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """A film in the grid. `film` has `is_mine`, `has_captions` and `has_new_captions`."""

    film: Film
    person_id: int  # who looks
    school: str
    talk: Talk
    hits: Sequence[Hit]
    is_shared: bool  # others than its author see it

    @property
    def about(self) -> str:
        """For which levels and in which subject, as far as it is said."""
        levels = levels_in_order(self.film.levels)
        subject = self.film.get_subject_display() if self.film.subject else ""
        return " · ".join(part for part in (", ".join(levels), subject) if part)

    @property
    def replaces(self) -> str:
        """The title of one's own film whose place this one will take, once its author says so."""
        old = self.film.replaces if self.film.author_id == self.person_id else None
        return old.title if old and not old.removed_at else ""


@dataclass(frozen=True)
class Chip:
    """Something that narrows the list now, and the address without it. `count`: of films there would be then."""

    text: str
    url: str
    count: int | None = None


@dataclass(frozen=True)
class LibraryPage:
    """One page of the library, and all that narrows it."""

    rows: Sequence[Row]
    pages: Page
    words: str
    view: str
    tabs: Sequence[tuple[str, str, bool]]
    filters: Sequence[Filter]
    order: Filter
    chips: Sequence[Chip]
    relaxed: Sequence[Chip]  # where nothing is left: what hides films
    query: str  # what the links to the other pages keep
    removed: Film | None  # just removed, can be brought back
    has_removed: bool  # films of one's own that can be brought back
    is_empty: bool  # there is no film at all
    deposit_url: str  # nothing for those who may not deposit

    @property
    def count(self) -> str:
        """How many films there are, in words."""
        count = self.pages.paginator.count
        return f"{count}\u00a0film{'s' if count > 1 else ''}" if count else "Aucun film"

    @property
    def is_narrowed(self) -> bool:
        return any(one.chosen for one in (*self.filters, self.order))

    @property
    def address(self) -> str:
        """The address of this page, without what is not chosen."""
        return reverse("videos:film_list") + (f"?{self.query}" if self.query else "")


def library_page(person: Person, asked: Mapping[str, str]) -> LibraryPage:
    """Read the library as `asked`, by the names of `library.rules`; what is not among the choices is not asked."""
    typed = " ".join(asked.get(rules.WORDS, "")[:MOST_CHARACTERS].split())
    words = words_of(typed)
    told = bool(asked.get(rules.LEVEL) or asked.get(rules.SUBJECT))
    here = shelf(person, words, told=told, discussed=asked.get(rules.VIEW) == rules.TO_DISCUSS)
    filters = _filters(here, asked)
    order = Filter(rules.ORDER, "Trier", _orders(words), asked.get(rules.ORDER, ""), none="")
    chosen = {one.name: one.chosen for one in (*filters, order) if one.chosen in dict(one.choices) and one.chosen}
    if words:
        chosen[rules.WORDS] = typed
    if (view := asked.get(rules.VIEW)) in VIEWS and view:
        chosen[rules.VIEW] = view
    kept = rules.wanted(here.cards, chosen)
    gone = list(removed_films(person))
    pages = Paginator([card.key for card in kept], FILMS_A_PAGE).get_page(asked.get(rules.PAGE, ""))
    return LibraryPage(
        rows=_rows(person, list(pages), words, here),
        pages=pages,
        words=typed,
        view=chosen.get(rules.VIEW, ""),
        tabs=_tabs(chosen),
        filters=[one for one in filters if len(one.choices) > 1 or one.name in chosen],
        order=order,
        chips=[Chip(_said(name, chosen, filters), _url(rules.without(chosen, name))) for name in _narrowing(chosen)],
        relaxed=[] if kept else _relaxed(here.cards, chosen, filters),
        query=_query(chosen),
        removed=next((one for one in gone if str(one.pk) == asked.get("supprime")), None),
        has_removed=bool(gone),
        is_empty=not here.cards,
        deposit_url=reverse("videos:film_deposit") if person.reach().can(Permission.DEPOSIT_FILM) else "",
    )


def _filters(here: Shelf, asked: Mapping[str, str]) -> list[Filter]:
    """What one may narrow by: the levels and subjects of the school, and the circles and years that there are."""
    years = sorted({card.year for card in here.cards}, reverse=True)
    networks = {str(one.network_id): one.network.name for one in here.groups}
    choices: dict[str, tuple[str, list[tuple[str, str]]]] = {
        rules.LEVEL: ("Niveau", [(level.value, level.value) for level in GradeLevel]),
        rules.SUBJECT: ("Domaine", [(value, str(label)) for value, label in Subject.choices]),
        rules.LENGTH: ("Durée", list(rules.LENGTHS.items())),
        rules.NETWORK: ("Réseau", sorted(networks.items(), key=lambda one: one[1])),
        rules.GROUP: ("Groupe", [(str(one.pk), one.name) for one in here.groups]),
        rules.YEAR: ("Année scolaire", [(year, school_year_label(date(int(year), 9, 1))) for year in years]),
    }
    return [Filter(name, label, found, asked.get(name, "")) for name, (label, found) in choices.items()]


def _orders(words: Sequence[str]) -> list[tuple[str, str]]:
    return [("", "le titre d’abord" if words else "les plus récents"), *list(rules.ORDERS.items())[0 if words else 1 :]]


def _narrowing(chosen: Mapping[str, str]) -> list[str]:
    """What stands as a chip: the view has its own tabs."""
    return [name for name in rules.NARROWING if name in chosen and name != rules.VIEW]


def _said(name: str, chosen: Mapping[str, str], filters: Sequence[Filter]) -> str:
    """Say one thing that is chosen."""
    value = chosen[name]
    if name == rules.WORDS:
        return f"«\u00a0{value}\u00a0»"
    if name == rules.VIEW:
        return VIEWS[value]
    return next(dict(one.choices)[value] for one in filters if one.name == name)


def _relaxed(cards: Sequence[Card], chosen: Mapping[str, str], filters: Sequence[Filter]) -> list[Chip]:
    return [
        Chip(_said(name, chosen, filters), _url(rules.without(chosen, name)), count)
        for name, count in rules.relaxed(cards, chosen)
    ]


def _query(chosen: Mapping[str, str]) -> str:
    return urlencode([(name, chosen[name]) for name in (*rules.NARROWING, rules.ORDER) if name in chosen])


def _url(chosen: Mapping[str, str]) -> str:
    query = _query(chosen)
    return reverse("videos:film_list") + (f"?{query}" if query else "")


def _tabs(chosen: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    others = rules.without(chosen, rules.VIEW)
    return [
        (label, _url(others | ({rules.VIEW: view} if view else {})), view == chosen.get(rules.VIEW, ""))
        for view, label in VIEWS.items()
    ]


def _rows(person: Person, keys: Sequence[UUID], words: Sequence[str], here: Shelf) -> list[Row]:
    """The films of one page, in the order of `keys`, with all that the grid shows of them."""
    new = CaptionTrack.objects.shown().filter(film=OuterRef("pk"), shown_at__gt=timezone.now() - NEW_FOR).order_by()
    rows = films(person).select_related("replaces").filter(pk__in=keys)
    rows = rows.annotate(has_captions=has_captions(), has_new_captions=Exists(new))
    shown = {film.pk: film for film in rows}
    own = [film.pk for film in shown.values() if film.author_id == person.pk]
    hidden = (
        set(own).difference(Film.objects.shared().filter(pk__in=own).values_list("pk", flat=True)) if own else set()
    )
    watched = here.watched & shown.keys()
    talks, schools = talks_about(person, watched), schools_of(shown.values())
    hits = finding.hits(person, watched, words, here.sheets) if words else {}
    return [
        Row(shown[key], person.pk, schools.get(key, ""), talks.get(key, Talk()), hits.get(key, ()), key not in hidden)
        for key in keys
        if key in shown  # the right to it may have ended meanwhile
    ]


# --- The portal's own search -----------------------------------------------------------------------------------------
def search(person: Person, typed: str, most: int) -> Sequence[Found]:
    """The films that a person sees in whose texts each of the words stands, those that are named so first."""
    words = words_of(typed)
    if not words:
        return []
    here = shelf(person, words)
    kept = rules.wanted(here.cards, {rules.WORDS: typed})[:most]
    named = {card.key for card in kept if card.is_named}
    return [_found(row, row.film.pk in named) for row in _rows(person, [card.key for card in kept], words, here)]


def _found(row: Row, is_named: bool) -> Found:
    """One result: where the words stand, unless its title and its author say it all."""
    detail, url = f"{row.film.author}, {row.film.group}", reverse("videos:film_page", args=[row.film.pk])
    if row.hits and not is_named:
        hit = row.hits[0]
        detail = f"{hit.place}\u00a0: «\u00a0{''.join(text for text, _ in hit.parts)}\u00a0»"
        url = hit.url
    return Found(title=row.film.title, detail=detail, url=url)
