"""A version as plain data for other platforms: its documents' bytes, and the address of what stays here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse

from trainings import documents
from trainings.models import Module, PathVersion, Step
from trainings.outlines import File, FilmLink, Outline
from trainings.outlines import Module as OutlineModule
from trainings.outlines import Step as OutlineStep
from trainings.packages.pages import ELSEWHERE
from trainings.packages.rules import LeftOut
from trainings.paths.rules import StepKind
from trainings.queries import modules_whole

FILMS = "les films restent sur la plateforme\u00a0: le paquet mène à leur page, où chacun se connecte."
STOPS = "les questions posées pendant le film le sont après, sur la page."
HERE = "cela se fait sur la plateforme\u00a0: le paquet le dit, et n’en garde rien."
LOST = "«\u00a0{}\u00a0» n’est plus là\u00a0: ce document n’est pas emporté."
ROUTE = "se situer au début, et l’ordre conseillé des modules, ne s’emportent pas."


@dataclass
class _Outlining:
    version: PathVersion
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The page from which a learner goes to the step; it asks to sign in, and films keep their own circles."""
        return settings.SITE_URL + reverse("trainings:path_show", args=[self.version.path_id])

    def module(self, module: Module) -> OutlineModule:
        steps = tuple(self._step(step) for step in module.steps.all())
        return OutlineModule(module.title, module.aim, module.minutes, steps)

    def _step(self, step: Step) -> OutlineStep:
        excerpts, questions = list(step.excerpts.all()), list(step.questions.all())
        where = f"«\u00a0{step.title}\u00a0»"
        if excerpts:
            self.left_out.append(LeftOut(where, FILMS))
        if any(one.excerpt_id for one in questions):
            self.left_out.append(LeftOut(where, STOPS))
        if step.kind in ELSEWHERE:
            self.left_out.append(LeftOut(where, HERE))
        return OutlineStep(
            kind=StepKind(step.kind),
            title=step.title,
            text=step.text,
            questions=tuple(one.rule for one in questions),
            files=tuple(self._files(step, where)),
            films=tuple(FilmLink(one.title, self.address, one.duration_s) for one in excerpts),
            pass_percent=step.pass_percent,
        )

    def _files(self, step: Step, where: str) -> list[File]:
        found = []
        for one in step.documents.all():
            if one.is_package:  # played here: `HERE` says so
                continue
            try:
                found.append(File(one.name, documents.content_of(one), one.alt))
            except FileNotFoundError:
                self.left_out.append(LeftOut(where, LOST.format(one.name)))
        return found


def outline_of(version: PathVersion, tell: Callable[[float], None]) -> tuple[Outline, list[LeftOut]]:
    """Read a version as others may have it, and say what of it stays here. `tell` hears how much is done, 0 to 1."""
    modules, outlining, made = modules_whole(version), _Outlining(version), []
    if any(one.needs.all() or one.statements.all() for one in modules):
        outlining.left_out.append(LeftOut("Parcours", ROUTE))
    for rank, module in enumerate(modules, 1):
        made.append(outlining.module(module))
        tell(rank / len(modules))
    return Outline(version.title, version.summary, tuple(made)), outlining.left_out
