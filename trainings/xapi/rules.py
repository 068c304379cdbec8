"""Pure rules of statements: what is said of an excerpt, a step, a path, and of whom.

Source: xAPI 1.0.3 (ADL), and the video profile (https://w3id.org/xapi/video/v1.0.1).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trainings.watching.rules import Stretch

VERSION = "1.0.3"
VIDEO = "https://w3id.org/xapi/video"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
PAUSED = f"{VIDEO}/verbs/paused"
VIDEO_TYPE = f"{VIDEO}/activity-type/video"
STEP_TYPE, PATH_TYPE = "http://adlnet.gov/expapi/activities/lesson", "http://adlnet.gov/expapi/activities/course"
VERBS = {COMPLETED: "completed", PAUSED: "paused"}  # as the profile spells them

type Statement = dict[str, Any]


@dataclass(frozen=True)
class Learner:
    """Whom statements are about: `name` says nothing of a person, and is the same each time."""

    home_page: str
    name: str


@dataclass(frozen=True)
class Activity:
    """What statements are about: an address of the platform, which need not open to whoever reads it."""

    url: str
    kind: str
    title: str


def _statement(learner: Learner, verb: str, activity: Activity, at: datetime) -> Statement:
    account = {"homePage": learner.home_page, "name": learner.name}
    definition = {"type": activity.kind, "name": {"fr": activity.title}}
    said = "\n".join((learner.name, verb, activity.url, at.isoformat()))
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, said)),  # the same when it is sent again
        "actor": {"objectType": "Agent", "account": account},
        "verb": {"id": verb, "display": {"en-US": VERBS[verb]}},
        "object": {"objectType": "Activity", "id": activity.url, "definition": definition},
        "timestamp": at.isoformat(),
        "version": VERSION,
    }


def of_path(learner: Learner, activity: Activity, at: datetime) -> Statement:
    return _statement(learner, COMPLETED, activity, at) | {"result": {"completion": True}}


def of_step(learner: Learner, activity: Activity, at: datetime, percent: int | None) -> Statement:
    """`percent`: of a quiz; None for any other step."""
    result: dict[str, Any] = {"completion": True}
    if percent is not None:
        result |= {"success": True, "score": {"scaled": percent / 100}}
    return _statement(learner, COMPLETED, activity, at) | {"result": result}


def seconds(milliseconds: float) -> float:
    """As the profile writes them: at most three digits after the point."""
    return round(milliseconds / 1000, 3)


def _plain(milliseconds: int) -> str:
    return f"{seconds(milliseconds):.3f}".rstrip("0").rstrip(".")


def segments(stretches: Sequence[Stretch], from_ms: int) -> str:
    """Write stretches of a film as the profile does, from the beginning of the excerpt: `0[.]12[,]14.5[.]20`."""
    return "[,]".join(f"{_plain(begin - from_ms)}[.]{_plain(end - from_ms)}" for begin, end in stretches)


@dataclass(frozen=True)
class Watched:
    """What a learner watched of an excerpt; `at_ms`: where one stopped, all in milliseconds of the film."""

    stretches: Sequence[Stretch]
    at_ms: int
    from_ms: int
    to_ms: int
    is_whole: bool


def of_excerpt(learner: Learner, activity: Activity, at: datetime, watched: Watched) -> Statement:
    """Say what was watched until a stop, or that all of it was."""
    length_ms = watched.to_ms - watched.from_ms
    seen_ms = sum(end - begin for begin, end in watched.stretches)
    extensions = {
        f"{VIDEO}/extensions/time": seconds(length_ms if watched.is_whole else watched.at_ms - watched.from_ms),
        f"{VIDEO}/extensions/progress": 1.0 if watched.is_whole else min(round(seen_ms / length_ms, 3), 1.0),
        f"{VIDEO}/extensions/played-segments": segments(watched.stretches, watched.from_ms),
    }
    made = _statement(learner, COMPLETED if watched.is_whole else PAUSED, activity, at)
    session = uuid.uuid5(uuid.NAMESPACE_URL, f"{learner.name}\n{activity.url}")
    result: dict[str, Any] = {"extensions": extensions} | ({"completion": True} if watched.is_whole else {})
    context = {
        "contextActivities": {"category": [{"objectType": "Activity", "id": VIDEO}]},
        "extensions": {
            f"{VIDEO}/extensions/session-id": str(session),
            f"{VIDEO}/extensions/length": seconds(length_ms),
        },
    }
    return made | {"result": result, "context": context}
