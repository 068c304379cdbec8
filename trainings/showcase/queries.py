"""What the pages of the showcase read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person
from circo.models.folding import MOST_CHARACTERS
from circo.moves import moves_from
from circo.queries import Filter
from circo.rules import GradeLevel, school_year_bounds
from circo.search import matching
from circo.writing import to_html
from networks.experiments import rules as experiments
from networks.models import Experiment, Indicator, Visit
from networks.visits.rules import VisitState
from trainings.models import Enrolment, LearningPath, PathVersion, Showcase, ShowcaseAuthor, ShowcaseMove, StepExcerpt
from trainings.paths.queries.protection import film_states
from trainings.paths.rules import VersionState
from trainings.showcase import rules
from trainings.showcase.rules import Reach, State, Verb
from videos.consents.rules import AUDIENCE_LABELS, Audience
from videos.models import Film, PracticeSheet, Subject

PER_PAGE = 20
FOUND_MOST = 500  # by words: beyond, one adds a word
GOING_MOST = 50  # of those that one prepares, on one page
HELD = (VisitState.HELD, VisitState.REPORTED)
SHEET_PARTS = (
    ("context", "Contexte"),
    ("intention", "Intention"),
    ("course", "Déroulement"),
    ("keeps", "Ce que je garde"),
)


# --- The list ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ListPage:
    words: str
    filters: Sequence[Filter]
    page: Page
    query: str
    going: Sequence[Showcase]  # those that one prepares, or whose authors are asked
    may_propose: bool

    @property
    def is_narrowed(self) -> bool:
        return any(one.chosen for one in self.filters)


def list_page(person: Person, given: Mapping[str, str]) -> ListPage:
    """Read what is shown to this person, narrowed by words and filters. Six queries, whatever their number.

    An unknown value narrows nothing.
    """
    every = Showcase.objects.shown_to(person)
    filters = _filters(every, given)
    chosen = {one.name: one.chosen for one in filters if one.chosen}
    words = given.get("q", "").strip()[:MOST_CHARACTERS]
    rows = _narrowed(every, chosen).select_related("district", "sheet", "path")
    found = matching(rows, ("folded",), words, FOUND_MOST) if words else rows.order_by("-published_at", "-pk")
    going = Showcase.objects.concerning(person).exclude(state=State.PUBLISHED).select_related("district", "sheet")
    return ListPage(
        words,
        filters,
        Paginator(found, PER_PAGE).get_page(given.get("page")),
        urlencode(chosen | ({"q": words} if words else {})),
        list(going.order_by("-updated_at", "-pk")[:GOING_MOST]),
        person.reach().can(Permission.WATCH_FILMS),
    )


def _filters(every: QuerySet[Showcase], given: Mapping[str, str]) -> list[Filter]:
    districts = District.objects.filter(pk__in=every.order_by().values("district")).order_by("name", "pk")
    places = [(str(pk), name) for pk, name in districts.values_list("pk", "name")]
    years = {_year_of(day) for day in every.order_by().datetimes("published_at", "month")}
    known = {
        "niveau": ("Niveau", [(level.value, level.value) for level in GradeLevel]),
        "domaine": ("Domaine", list(Subject.choices)),
        "circonscription": ("Circonscription", places if places[1:] else []),
        "annee": ("Année", [(str(year), f"{year}-{year + 1}") for year in sorted(years, reverse=True)]),
    }
    return [
        Filter(name, label, choices, given.get(name, "") if given.get(name) in dict(choices) else "")
        for name, (label, choices) in known.items()
    ]


def _year_of(day: date) -> int:
    return school_year_bounds(day)[0].year


def _narrowed(rows: QuerySet[Showcase], chosen: Mapping[str, str]) -> QuerySet[Showcase]:
    if level := chosen.get("niveau"):
        rows = rows.alias(said_levels=Cast("sheet__levels", TextField())).filter(said_levels__contains=f'"{level}"')
    if subject := chosen.get("domaine"):
        rows = rows.filter(sheet__subject=subject)
    if district := chosen.get("circonscription"):
        rows = rows.filter(district=int(district))
    if year := chosen.get("annee"):
        first, last = school_year_bounds(date(int(year), 10, 1))
        rows = rows.filter(published_at__date__range=(first, last))
    return rows


# --- What may be proposed ---------------------------------------------------------------------------------------------
def districts(person: Person) -> list[District]:
    """The districts in whose name one proposes a practice."""
    ids = person.reach().district_ids_for(Permission.WATCH_FILMS)
    return list(District.objects.filter(pk__in=ids).order_by("name", "pk"))


def sheets(person: Person, joined: Showcase | None = None) -> QuerySet[PracticeSheet]:
    """The sheets that one may propose: those that one reads, one's own first; and the one that is joined already."""
    read = PracticeSheet.objects.visible_to(person).order_by().values("pk")
    rows = PracticeSheet.objects.filter(Q(pk__in=read) | Q(pk=joined.sheet_id if joined else None))
    others = Case(When(owner=person, then=0), default=1)
    return rows.select_related("owner").order_by(others, "title", "pk")


def paths(person: Person) -> QuerySet[PathVersion]:
    """The published paths that one may join to a practice."""
    known = LearningPath.objects.visible_to(person).order_by().values("pk")
    return PathVersion.objects.filter(state=VersionState.PUBLISHED, path__in=known).order_by("title", "pk")


def learning_paths(person: Person) -> QuerySet[LearningPath]:
    """The same, as paths."""
    return LearningPath.objects.filter(pk__in=paths(person).order_by().values("path"))


def experiments_of(person: Person, joined: Showcase | None = None) -> QuerySet[Experiment]:
    """The experiments under way, or reviewed, that one may join to a practice; and the one that is joined already."""
    read = Experiment.objects.visible_to(person).filter(state__in=experiments.SHARED).order_by().values("pk")
    rows = Experiment.objects.filter(Q(pk__in=read) | Q(pk=joined.experiment_id if joined else None))
    return rows.order_by("title", "pk")


def films_of(sheet: PracticeSheet) -> set[UUID]:
    """The films that a sheet shows, whole or in part."""
    whole = sheet.films.order_by().values_list("pk", flat=True)
    return {*whole, *sheet.excerpts.order_by().values_list("film_id", flat=True)}


def authors_of(showcase: Showcase) -> set[int]:
    """Those whose practice it is: who wrote the sheet, who filmed, who answers for the experiment."""
    filmed = Film.objects.filter(pk__in=films_of(showcase.sheet)).order_by().values_list("author_id", flat=True)
    referent = showcase.experiment.referent_id if showcase.experiment else None
    return {showcase.sheet.owner_id, *filmed, *([referent] if referent else [])}


# --- Checking ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Problem:
    """One thing to see to before others read it. `is_blocking`: it is not published with it."""

    text: str
    url: str = ""
    is_blocking: bool = True


def problems(showcase: Showcase, wanted: Reach, answers: Sequence[str]) -> list[Problem]:
    """List what keeps a practice from being shown that far, and what is worth a look. Some eight queries."""
    found = []
    if rules.agreed(answers) < wanted:
        found.append(
            Problem(f"Tous ses auteurs n’ont pas dit oui pour «\u00a0{rules.REACH_LABELS[wanted]}\u00a0».", "#accords")
        )
    found += _of_films(showcase, wanted)
    found += _of_path(showcase, wanted)
    if showcase.experiment and showcase.experiment.state != experiments.State.REVIEWED:
        found.append(
            Problem("Le bilan de l’expérimentation n’est pas fait\u00a0: ses relevés ne sont pas montrés.", "", False)
        )
    return found


def _of_films(showcase: Showcase, wanted: Reach) -> list[Problem]:
    found = []
    until = school_year_bounds(timezone.localdate())[1]
    for state in film_states(films_of(showcase.sheet)).values():
        said = f"«\u00a0{state.film}\u00a0»"
        url = reverse("videos:film_protection", args=[state.film.pk])
        if not state.is_shared:
            found.append(Problem(f"Personne d’autre que son auteur ne voit {said} aujourd’hui.", url))
            continue
        audience = Audience(state.film.audience)
        if audience < Audience.DISTRICT:
            words = f"{said} se voit dans ce cercle\u00a0: {AUDIENCE_LABELS[audience]}. Ouvrez-le à la circonscription."
            found.append(Problem(words, url))
        elif wanted is Reach.DEPARTEMENT:
            words = f"Les familles ont accepté que {said} se voie dans la circonscription\u00a0: ailleurs, on lira la "
            found.append(Problem(f"{words}fiche sans le film.", url, is_blocking=False))
        if not state.has_captions:
            found.append(Problem(f"{said} n’a pas de sous-titres.", url, is_blocking=False))
        if state.expires_on and state.expires_on < until:
            found.append(
                Problem(f"Les accords de {said} finissent avant l’année\u00a0: il se fermera alors.", url, False)
            )
    return found


def _of_path(showcase: Showcase, wanted: Reach) -> list[Problem]:
    if showcase.path is None:
        return []
    url = reverse("trainings:path_show", args=[showcase.path.pk])
    published = PathVersion.objects.filter(path=showcase.path, state=VersionState.PUBLISHED).exists()
    if not published or showcase.path.removed_at is not None:
        return [Problem("Le parcours joint n’est pas, ou plus, publié.", url)]
    if wanted is Reach.DEPARTEMENT and showcase.path.opening == "DISTRICT":
        return [Problem("Le parcours joint n’est ouvert qu’à la circonscription.", url, is_blocking=False)]
    return []


# --- One practice -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShownFilm:
    """A film of the sheet. `url`: none where this reader is not in its circle; `is_sealed`: nobody is, today."""

    title: str
    url: str
    is_sealed: bool


@dataclass(frozen=True)
class Figure:
    """One thing that is known of it, in words, and where its list is, if this reader may open it."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class ShowPage:
    showcase: Showcase
    criteria: Sequence[tuple[str, str]]
    sheet_parts: Sequence[tuple[str, str]]
    sheet_url: str
    films: Sequence[ShownFilm]
    version: PathVersion | None
    indicators: Sequence[tuple[str, str, str, str]]  # name, before, after, change
    figures: Sequence[Figure]
    authors: Sequence[ShowcaseAuthor]
    named: Sequence[Person]
    mine: ShowcaseAuthor | None
    is_concerned: bool
    may_write: bool
    verbs: Sequence[Verb]  # of the team
    checks: Sequence[tuple[str, Sequence[Problem]]]
    moves: Sequence[ShowcaseMove]


def show_page(showcase: Showcase, person: Person) -> ShowPage:
    """Read a practice as this person may. Some twenty-five queries, whatever it holds.

    `showcase`: with its district, sheet, path and experiment.
    """
    authors = list(showcase.authors.select_related("person").order_by("person__last_name", "person__first_name", "pk"))
    is_concerned = Showcase.objects.concerning(person).filter(pk=showcase.pk).exists()
    is_led = Showcase.objects.led_by(person).filter(pk=showcase.pk).exists()
    may_write = is_concerned and showcase.state in rules.WRITABLE
    answers = [one.answer for one in authors]
    may_publish = is_led and Verb.PUBLISH in moves_from(rules.MOVES, showcase.state)
    film_ids = films_of(showcase.sheet)
    sheet_seen = PracticeSheet.objects.visible_to(person).filter(pk=showcase.sheet_id).exists()
    # Before its authors say yes, a sheet of a group is read in that group, and by nobody of the team.
    is_agreed = showcase.state == State.PUBLISHED or rules.agreed(answers) > Reach.NOBODY
    return ShowPage(
        showcase=showcase,
        criteria=[
            (label, getattr(showcase, name)) for name, label, _ in rules.CRITERIA if getattr(showcase, name).strip()
        ],
        sheet_parts=[
            (label, to_html(getattr(showcase.sheet, name)))
            for name, label in SHEET_PARTS
            if getattr(showcase.sheet, name).strip() and (sheet_seen or is_agreed)
        ],
        sheet_url=reverse("videos:sheet_page", args=[showcase.sheet_id]) if sheet_seen else "",
        films=_films(film_ids, person) if sheet_seen or is_agreed else [],
        version=paths(person).filter(path=showcase.path).first() if showcase.path else None,
        indicators=_indicators(showcase) if is_agreed else [],
        figures=_figures(showcase, film_ids, [one.person_id for one in authors]),
        authors=authors if is_concerned else [],
        named=[one.person for one in authors if one.is_named],
        mine=next((one for one in authors if one.person_id == person.pk), None),
        is_concerned=is_concerned,
        may_write=may_write,
        verbs=moves_from(rules.MOVES, showcase.state) if is_led else [],
        checks=[(rules.REACH_LABELS[one], problems(showcase, one, answers)) for one in rules.PUBLIC]
        if may_publish
        else [],
        moves=list(showcase.moves.select_related("by")) if is_concerned else [],
    )


def _films(film_ids: set[UUID], person: Person) -> list[ShownFilm]:
    films = Film.objects.filter(pk__in=film_ids, removed_at=None).order_by("title", "pk")
    shared = set(films.shared().order_by().values_list("pk", flat=True))
    watched = set(Film.objects.visible_to(person).filter(pk__in=film_ids).order_by().values_list("pk", flat=True))
    return [
        ShownFilm(
            str(film) if film.pk in watched else "Un film de la classe",
            reverse("videos:film_page", args=[film.pk]) if film.pk in watched else "",
            film.pk not in shared,
        )
        for film in films
    ]


def _indicators(showcase: Showcase) -> list[tuple[str, str, str, str]]:
    """What the review of the experiment measured, before and after; nothing before it is reviewed."""
    if showcase.experiment is None or showcase.experiment.state != experiments.State.REVIEWED:
        return []
    rows = Indicator.objects.filter(experiment=showcase.experiment, removed_at=None)
    return [
        (
            one.name,
            experiments.with_unit(one.before, one.unit),
            experiments.with_unit(one.after, one.unit),
            experiments.change(one.before, one.after, one.unit),
        )
        for one in rows.order_by("pk")
        if one.before is not None and one.after is not None
    ]


def _figures(showcase: Showcase, film_ids: set[UUID], author_ids: Sequence[int]) -> list[Figure]:
    """What others made of it, in numbers: things as they are, people never so few that one would know who."""
    used = StepExcerpt.objects.filter(film__in=film_ids, step__module__version__state=VersionState.PUBLISHED)
    in_paths = used.order_by().values("step__module__version__path").distinct().count()
    visits = Visit.objects.filter(site__host__in=author_ids, state__in=HELD).order_by()
    year_began = school_year_bounds(timezone.localdate())[0]
    found = [
        Figure(rules.few(visits.filter(day__gte=year_began).count(), "visites dans ces classes, cette année")),
        Figure(rules.counted(in_paths, "parcours montre ces films", "parcours montrent ces films")),
    ]
    if showcase.published_at:
        since = visits.filter(asked_at__gte=showcase.published_at).count()
        found.append(Figure(rules.few(since, "visites demandées depuis qu’elle est dans la vitrine")))
    if showcase.path:
        done = Enrolment.objects.filter(path=showcase.path, completed_at__isnull=False).count()
        adapted = LearningPath.objects.kept().filter(adapted_from__path=showcase.path).count()
        url = reverse("trainings:path_show", args=[showcase.path.pk])
        found.append(Figure(rules.few(done, "collègues ont terminé ce parcours"), url))
        found.append(
            Figure(rules.counted(adapted, "circonscription l’a adapté", "adaptations dans d’autres parcours"), url)
        )
    return [one for one in found if one.words]
