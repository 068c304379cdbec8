"""What the page of a path shows to its authors."""

from __future__ import annotations

from dataclasses import dataclass

from circo.hours.rules import in_words
from circo.moves import moves_from
from trainings.models import LearningPath, Module, PathSession, PathVersion
from trainings.paths import rules
from trainings.paths.queries.paths import CURRENT, adapted
from trainings.paths.rules import Verb, VersionState
from trainings.queries import modules_whole

SESSIONS_MOST = 20  # on the page of a path: their list holds the others


@dataclass(frozen=True)
class PathPage:
    """One path: all its versions, the newest first, and what the newest holds."""

    path: LearningPath
    versions: list[PathVersion]
    modules: list[Module]
    learners: int
    sessions: list[PathSession]  # the last to begin first
    adapted: list[str]  # the districts where it was

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """What one may do of the version that learners take: the verb, and its words."""
        words = {Verb.ARCHIVE: "Archiver le parcours", Verb.REOPEN: "Reprendre le parcours"}
        state = self.shown.state if self.shown else ""
        return [(verb.value, words[verb]) for verb in moves_from(rules.MOVES, state) if verb in words]

    @property
    def is_open(self) -> bool:
        """Somebody may begin it: a session may be opened."""
        return self.shown is not None and self.shown.state == VersionState.PUBLISHED

    @property
    def version(self) -> PathVersion:
        """The one that its authors work on."""
        return self.versions[0]

    @property
    def shown(self) -> PathVersion | None:
        """The one that whoever enrols now takes, or took before it was archived."""
        return next((one for one in self.versions if one.state in CURRENT), None)

    @property
    def duration(self) -> str:
        """What the newest takes, as its modules announce it."""
        minutes = sum(one.minutes for one in self.modules)
        return in_words(minutes) if minutes else ""


def path_page(path: LearningPath) -> PathPage:
    """Read the page of a path."""
    versions = list(path.versions.all())
    sessions = PathSession.objects.filter(version__path=path, district=path.district_id)
    return PathPage(
        path=path,
        versions=versions,
        modules=modules_whole(versions[0]),
        learners=path.enrolments.count(),
        sessions=list(sessions[:SESSIONS_MOST]),
        adapted=adapted(path),
    )
