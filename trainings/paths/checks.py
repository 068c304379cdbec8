"""What is read in a version before learners see it: what keeps it from being published, and what is worth a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from circo.dates import day_in_words
from circo.rules import school_year_bounds
from trainings.models import Module, PathSession, PathVersion, Step, StepExcerpt
from trainings.paths import rules
from trainings.paths.queries.protection import FilmState, film_states
from trainings.paths.rules import Opening, StepKind
from trainings.queries import modules_whole
from trainings.quizzes.rules import fault_of
from videos.consents.rules import Audience

FILM_GONE = "Le film de cet extrait n’est plus là\u00a0: choisissez-en un autre."
FILM_HELD = "Personne d’autre que son auteur ne voit ce film aujourd’hui\u00a0: l’étape serait fermée."
TEXTLESS = frozenset({StepKind.LOG, StepKind.DEPOSIT, StepKind.MEETING})


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `is_blocking`: the version is not published with it."""

    text: str
    where: str
    url: str
    is_blocking: bool = True


@dataclass(frozen=True)
class Checked:
    """All that a check found in a version, in the order of the path."""

    problems: Sequence[Problem]
    until: date

    @property
    def blocking(self) -> list[Problem]:
        return [one for one in self.problems if one.is_blocking]

    @property
    def warnings(self) -> list[Problem]:
        return [one for one in self.problems if not one.is_blocking]


def last_day_of(version: PathVersion) -> date:
    """The day until which its films are needed: that of its last session, or the end of the school year."""
    sessions = PathSession.objects.filter(version__path=version.path_id).order_by()
    return max([school_year_bounds(timezone.localdate())[1], *sessions.values_list("last_day", flat=True)])


def check(version: PathVersion, until: date | None = None) -> Checked:
    """Read a whole version. The number of queries does not depend on what it holds."""
    modules = modules_whole(version)
    excerpts = [one for module in modules for step in module.steps.all() for one in step.excerpts.all()]
    states = film_states({one.film_id for one in excerpts if one.film_id})
    day = until or last_day_of(version)
    reading = _Reading(version, modules, states, day)
    return Checked(list(reading.problems()), day)


@dataclass(frozen=True)
class _Reading:
    version: PathVersion
    modules: Sequence[Module]
    states: Mapping[UUID, FilmState]
    until: date

    def problems(self) -> Iterator[Problem]:
        path_url = reverse("trainings:path_page", args=[self.version.path_id])
        if not self.modules:
            yield Problem("Ce parcours n’a pas encore de module.", self.version.title, path_url)
            return
        if not any(module.minutes for module in self.modules):
            yield Problem("Ce parcours est annoncé pour 0\u00a0minute.", self.version.title, path_url)
        needs = {module.pk: [one.pk for one in module.needs.all()] for module in self.modules}
        never = rules.never_begun(needs)
        for module in self.modules:
            yield from self._of_module(module, is_never_begun=module.pk in never)
            for step in module.steps.all():
                yield from self._of_step(step)

    def _of_module(self, module: Module, *, is_never_begun: bool) -> Iterator[Problem]:
        def said(text: str, *, is_blocking: bool = True) -> Problem:
            return Problem(text, module.title, reverse("trainings:module_edit", args=[module.pk]), is_blocking)

        steps = list(module.steps.all())
        if is_never_begun:
            yield said("Personne ne pourrait commencer ce module\u00a0: des modules s’attendent l’un l’autre.")
        if not steps:
            yield said("Ce module n’a pas encore d’étape.")
            return
        if all(step.is_optional for step in steps):
            yield said("Toutes ses étapes sont facultatives\u00a0: il se finit sans rien faire.", is_blocking=False)
        for before in module.needs.all():
            if before.is_optional and not module.is_optional:
                words = f"Il attend «\u00a0{before.title}\u00a0», que l’on peut laisser\u00a0: il ne s’ouvrirait pas."
                yield said(words, is_blocking=False)
        film_s = sum(one.duration_s for step in steps for one in step.excerpts.all())
        alone = all(step.kind == StepKind.WATCH for step in steps)
        if fault := rules.fault_of_minutes(module.minutes, film_s, films_alone=alone):
            yield said(fault, is_blocking=False)

    def _of_step(self, step: Step) -> Iterator[Problem]:
        url = reverse("trainings:step_edit", args=[step.pk])
        for text, is_blocking in self._faults(step):
            yield Problem(text, step.title, url, is_blocking)
        for excerpt in step.excerpts.all():
            for text, is_blocking in self._faults_of_excerpt(excerpt, step):
                yield Problem(text, f"{step.title}, {excerpt.title}", url, is_blocking)
        for rank, question in enumerate(step.questions.all(), 1):
            if fault := fault_of(question.rule):
                yield Problem(f"Question {rank}\u00a0: {fault[0].lower()}{fault[1:]}", step.title, url)

    def _faults(self, step: Step) -> Iterator[tuple[str, bool]]:
        kind = StepKind(step.kind)
        if kind is StepKind.READING and not step.text.strip() and not step.documents.all():
            yield "Il n’y a encore rien à lire.", True
        if kind in TEXTLESS and not step.text.strip():
            yield "Cette étape ne dit pas encore ce qu’il y a à faire.", True
        if kind is StepKind.QUIZ and not step.questions.all():
            yield "Il n’y a pas encore de question.", True
        if kind is StepKind.PACKAGE and not any(one.is_package for one in step.documents.all()):
            yield "Il n’y a pas encore d’activité.", True
        if kind in (StepKind.WATCH, StepKind.GRID) and not step.excerpts.all():
            yield "Il n’y a pas encore d’extrait à regarder.", True
        if kind is StepKind.GRID:
            yield from self._faults_of_grid(step)
        if kind is StepKind.SALON:
            yield from self._faults_of_salon(step)
        if any(one.is_picture and not one.alt for one in step.documents.all()):
            yield "Une image n’a pas de mots pour qui ne la voit pas.", True

    def _faults_of_grid(self, step: Step) -> Iterator[tuple[str, bool]]:
        if step.grid is None or step.grid.removed_at is not None:
            yield "La grille de cette étape n’est pas, ou plus, là\u00a0: choisissez-en une.", True
        elif self._is_narrower(step.grid.district_id):
            yield f"{step.grid.circle}\u00a0: les autres verront une étape fermée.", False

    def _faults_of_salon(self, step: Step) -> Iterator[tuple[str, bool]]:
        if step.salon is None:
            yield "Le salon de cette étape n’est pas, ou plus, là\u00a0: choisissez-en un.", True
        elif step.salon.archived_at is not None:
            yield "Le salon de cette étape est archivé\u00a0: plus personne n’y écrit.", True
        elif step.salon.departement_id is None and self._is_narrower(step.salon.district_id):
            yield "Ce salon n’est pas ouvert à toutes les personnes qui trouveront ce parcours.", False

    def _is_narrower(self, district_id: int | None) -> bool:
        """A circle, that of a whole district if there is an id, leaves out people who find this path."""
        return rules.is_narrower(
            circle_is_district=district_id is not None,
            same_district=district_id == self.version.path.district_id,
            opening=Opening(self.version.path.opening),
        )

    def _faults_of_excerpt(self, excerpt: StepExcerpt, step: Step) -> Iterator[tuple[str, bool]]:
        state = self.states.get(excerpt.film_id) if excerpt.film_id else None
        if state is None or state.film.removed_at is not None:
            yield FILM_GONE, True
            return
        if not state.is_shared:
            yield FILM_HELD, True
        if state.film.duration_s is not None and excerpt.out_s > state.film.duration_s + 1:
            yield f"L’extrait finit après le film, qui dure {state.film.duration}.", True
        stops = [one.at_s for one in step.questions.all() if one.excerpt_id == excerpt.pk]
        if any(at_s is None or not excerpt.in_s <= at_s <= excerpt.out_s for at_s in stops):
            yield "Une question est posée hors de l’extrait.", True
        if not state.has_captions:
            yield "Ce film n’a pas de sous-titres\u00a0: qui n’entend pas ne peut pas le suivre.", False
        network = state.film.group.network
        whole = state.film.audience >= Audience.DISTRICT
        if self._is_narrower(network.district_id if whole else None):
            circle = str(network.district) if whole else f"le groupe «\u00a0{state.film.group}\u00a0»"
            circle = f"le réseau «\u00a0{network}\u00a0»" if state.film.audience == Audience.NETWORK else circle
            yield f"Hors de son cercle ({circle}), on verra une étape fermée.", False
        if state.is_shared and state.expires_on and state.expires_on < self.until:
            day = day_in_words(state.expires_on, timezone.localdate())
            yield f"Les autorisations de ce film finissent le {day}, avant la fin du parcours.", False
