"""A learner with an excerpt to watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo.models import District, Person
from tests.house.supplying import Scene, Supplied
from trainings.models import Enrolment, LearningPath, PathVersion, StepExcerpt
from trainings.paths.rules import StepKind, VersionState
from trainings.watching import tokens
from videos.models import Film

URL = "trainings:beat"


@dataclass
class Learning:
    """What somebody learns: an enrolment, and the one excerpt of its path."""

    enrolment: Enrolment
    excerpt: StepExcerpt

    def token(self, ago: timedelta = timedelta(0)) -> str:
        """Of a page that was opened so long ago."""
        return tokens.token_for(self.enrolment, self.excerpt, now=timezone.now() - ago)

    def play(self, opened_at: datetime) -> tokens.Play:
        token = tokens.token_for(self.enrolment, self.excerpt, now=opened_at)
        return tokens.read(token, now=opened_at)


def excerpt_in_path(district: District, film: Film | None, *, in_s: float = 0, out_s: float = 600) -> StepExcerpt:
    path = LearningPath.objects.create(district=district)
    version = PathVersion.objects.create(
        path=path, title="Résoudre des problèmes", state=VersionState.PUBLISHED, published_at=timezone.now()
    )
    step = version.modules.create(rank=1, title="Observer").steps.create(rank=1, kind=StepKind.WATCH, title="Regarder")
    return step.excerpts.create(rank=1, film=film, title="La mise en commun", in_s=in_s, out_s=out_s)


def learning(who: Person, excerpt: StepExcerpt) -> Learning:
    version = excerpt.step.module.version
    enrolment, _ = Enrolment.objects.get_or_create(person=who, path=version.path, defaults={"version": version})
    return Learning(enrolment, excerpt)


def send(client: Client, token: str, played: str = "", at_s: str = "0"):
    return client.post(reverse(URL), {"token": token, "played": played, "at_s": at_s})


def supply(scene: Scene) -> Supplied:
    excerpt = excerpt_in_path(scene.ground.district, None)
    made = learning(scene.teacher, excerpt)
    made.enrolment.watched.create(excerpt=excerpt, stretches=[[0, 9000]], seconds=9, position_s=9)
    return Supplied({"trainings:beat": {}})
