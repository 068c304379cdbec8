"""One practice, as somebody may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.moves import moves_from
from circo.rules import school_year_bounds
from circo.writing import to_html
from networks.experiments import rules as experiments
from networks.models import Indicator, Visit
from networks.visits.rules import VisitState
from trainings.models import Enrolment, LearningPath, PathVersion, Showcase, ShowcaseAuthor, ShowcaseMove, StepExcerpt
from trainings.paths.rules import VersionState
from trainings.showcase import rules
from trainings.showcase.queries import checks
from trainings.showcase.queries.checks import Problem
from trainings.showcase.queries.parts import films_of, paths
from trainings.showcase.rules import Reach, State, Verb
from videos.models import Film, PracticeSheet

HELD = (VisitState.HELD, VisitState.REPORTED)
SHEET_PARTS = (
    ("context", "Contexte"),
    ("intention", "Intention"),
    ("course", "Déroulement"),
    ("keeps", "Ce que je garde"),
)


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
    film_ids = _agreed_films(showcase, [one.person_id for one in authors])
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
        checks=[(rules.REACH_LABELS[one], checks.problems(showcase, one, answers)) for one in rules.PUBLIC]
        if may_publish
        else [],
        moves=list(showcase.moves.select_related("by")) if is_concerned else [],
    )


def _agreed_films(showcase: Showcase, author_ids: Sequence[int]) -> set[UUID]:
    """The films of the sheet, but those that were put there since by somebody who was not asked."""
    films = Film.objects.filter(pk__in=films_of(showcase.sheet), author__in=author_ids).order_by()
    return set(films.values_list("pk", flat=True))


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
