"""What the catalogue and the words on a path read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from circo.models import District, Person
from circo.models.folding import MOST_CHARACTERS
from circo.queries import Filter, counted
from circo.rules import GradeLevel, number_in, worded
from circo.search import matching
from networks.models import MutualisationGroup
from trainings.catalogue import rules
from trainings.catalogue.rules import Length
from trainings.learning.queries.way import Way
from trainings.models import Enrolment, LearningPath, PathReview, PathSession, PathVersion
from trainings.paths.rules import VersionState
from videos.models import Subject

PER_PAGE, WORDS_PER_PAGE = 20, 10
FOUND_MOST = 500  # by words: beyond, one adds a word


# --- The catalogue ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """One path of the catalogue, and where one is in it, if one takes it."""

    version: PathVersion
    taken: Enrolment | None


@dataclass(frozen=True)
class CataloguePage:
    words: str
    filters: Sequence[Filter]
    page: Page
    rows: Sequence[Row]
    query: str

    @property
    def is_narrowed(self) -> bool:
        return any(one.chosen for one in self.filters)


def catalogue_page(person: Person, given: Mapping[str, str]) -> CataloguePage:
    """Read the paths that are opened to this person, narrowed by words and filters. Six queries, whatever their number.

    An unknown value narrows nothing.
    """
    paths = LearningPath.objects.open_to(person).order_by().values("pk")
    every = PathVersion.objects.filter(state=VersionState.PUBLISHED, path__in=paths)
    filters = _filters(person, every, given)
    words = given.get("q", "").strip()[:MOST_CHARACTERS]
    rows = _narrowed(person, every, {one.name: one.chosen for one in filters})
    rows = rows.select_related("path__district", "path__adapted_from__path__district").annotate(
        reviews=counted(PathReview.objects.shown(), "enrolment__path__versions")
    )
    found = matching(rows, ("folded",), words, FOUND_MOST) if words else rows.order_by("-published_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(given.get("page"))
    mine = Enrolment.objects.visible_to(person).filter(path__in=[one.path_id for one in page.object_list])
    taken = {one.path_id: one for one in mine}
    chosen = {one.name: one.chosen for one in filters if one.chosen} | ({"q": words} if words else {})
    shown = [Row(one, taken.get(one.path_id)) for one in page.object_list]
    return CataloguePage(words, filters, page, shown, urlencode(chosen))


def _filters(person: Person, every: QuerySet[PathVersion], given: Mapping[str, str]) -> list[Filter]:
    districts = District.objects.filter(pk__in=every.order_by().values("path__district")).order_by("name", "pk")
    places = [(str(pk), name) for pk, name in districts.values_list("pk", "name")]
    followed = every.filter(_of_my_groups(person)).exists()
    known = {
        "niveau": ("Niveau", [(level.value, level.value) for level in GradeLevel]),
        "domaine": ("Domaine", list(Subject.choices)),
        "duree": ("Durée", worded(rules.LENGTH_LABELS)),
        "circonscription": ("Circonscription", places if places[1:] else []),
        "groupe": ("Mon groupe", [("oui", "Suivi par mon groupe")] if followed else []),
    }
    return [
        Filter(name, label, choices, given.get(name, "") if given.get(name) in dict(choices) else "")
        for name, (label, choices) in known.items()
    ]


def _of_my_groups(person: Person) -> Exists:
    groups = MutualisationGroup.objects.in_circle_of(person).order_by().values("pk")
    return Exists(PathSession.objects.filter(version__path=OuterRef("path"), group__in=groups))


def _narrowed(person: Person, rows: QuerySet[PathVersion], chosen: Mapping[str, str]) -> QuerySet[PathVersion]:
    if level := chosen["niveau"]:
        rows = rows.alias(said_levels=Cast("levels", TextField())).filter(said_levels__contains=f'"{level}"')
    if subject := chosen["domaine"]:
        rows = rows.filter(subject=subject)
    if length := chosen["duree"]:
        first, last = rules.MINUTES[Length(length)]
        rows = rows.filter(minutes__gte=first)
        rows = rows.filter(minutes__lte=last) if last is not None else rows
    if district := chosen["circonscription"]:
        rows = rows.filter(path__district=int(district))
    return rows.filter(_of_my_groups(person)) if chosen["groupe"] else rows


# --- The words on a path ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ReviewsPage:
    """The words left on a path, those that one moderates with their state; and what one may say oneself."""

    page: Page
    moderated: frozenset[int]  # the keys of those that one may hide or show again
    own: PathReview | None
    may_say: bool


def reviews_page(path: LearningPath, found: Way, person: Person, number: str) -> ReviewsPage:
    """Read the words left on a path, the newest first; its own writer reads one's own apart. Four queries.

    `found`: the way of this person through the path, with the enrolment if there is one.
    """
    rows = PathReview.objects.visible_to(person).filter(enrolment__path=path).exclude(enrolment__person=person)
    page = Paginator(rows.select_related("enrolment__person").order_by("-created_at", "-pk"), WORDS_PER_PAGE)
    shown = page.get_page(number)
    moderated = PathReview.objects.moderated_by(person).filter(pk__in=[one.pk for one in shown.object_list]).order_by()
    return ReviewsPage(
        page=shown,
        moderated=frozenset(moderated.values_list("pk", flat=True)),
        own=PathReview.objects.editable_by(person).filter(enrolment=found.enrolment).first()
        if found.enrolment
        else None,
        may_say=may_say(found),
    )


@dataclass(frozen=True)
class Undone:
    text: str
    url: str


def undoable(path: LearningPath, person: Person, given: Mapping[str, str]) -> Undone | None:
    """What was just done to a word of this path, as the address says, if it may be undone."""
    if "retire" in given and PathReview.objects.restorable_by(person).filter(enrolment__path=path).exists():
        return Undone("Votre mot est retiré.", reverse("trainings:review_restore", args=[path.pk]))
    hidden = PathReview.objects.moderated_by(person).filter(enrolment__path=path, hidden_at__isnull=False)
    pk = number_in(given.get("masque"))
    if pk and hidden.filter(pk=pk).exists():
        return Undone("Ce mot est masqué.", reverse("trainings:review_show", args=[pk]))
    return None


def may_say(found: Way) -> bool:
    """Tell whether a learner has done enough of a path to leave a word on it."""
    if found.enrolment is None:
        return False
    is_complete = found.enrolment.completed_at is not None
    return rules.may_say(done=found.done, total=found.total, is_complete=is_complete)
