"""Tell the store what learners who said yes have done, some minutes later: a job for each enrolment, never the web.

What is told is between two instants, and the second is kept: nothing is told twice but after a lost answer, under the
same number, which stores know. A minute is left to acts that are being written.
"""

from __future__ import annotations

import base64
import json
import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from circo import calling, jobs
from circo.errors import Outside
from trainings.models import Enrolment, StepProgress, WatchedExcerpt
from trainings.paths.rules import StepKind
from trainings.watching.queries import end_of
from trainings.watching.rules import is_watched
from trainings.xapi import rules
from trainings.xapi.rules import Activity, Learner, Statement, Watched

logger = logging.getLogger(__name__)

KIND = "xapi"
SETTLED_AFTER = timedelta(minutes=1)
BATCH_MAX = 100  # statements of one request
REFUSED = "Le magasin de traces ne prend pas ce qui lui est transmis."


def ask() -> int:
    """Queue those who said yes and have done something since; return how many. None where there is no store."""
    if not settings.XAPI_ENDPOINT:
        return 0
    keys = list(_behind(timezone.now() - SETTLED_AFTER).order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        jobs.ask(KIND, str(pk))
    return len(keys)


def _behind(upto: datetime) -> QuerySet[Enrolment]:
    since = OuterRef("passed_on_at")
    of_mine = {"enrolment": OuterRef("pk")}
    watched = WatchedExcerpt.objects.filter(**of_mine, beat_at__gt=since, beat_at__lte=upto)
    done = StepProgress.objects.filter(**of_mine, done_at__gt=since, done_at__lte=upto)
    rows = Enrolment.objects.filter(passes_on=True, person__is_active=True)
    finished = rows.filter(completed_at__gt=F("passed_on_at"), completed_at__lte=upto).order_by().values("pk")
    return rows.filter(Exists(watched) | Exists(done)) | rows.filter(pk__in=finished)


def send(run: jobs.Run) -> None:
    """The work of one enrolment."""
    upto = timezone.now() - SETTLED_AFTER
    rows = Enrolment.objects.select_related("version").filter(passed_on_at__lt=upto, person__is_active=True)
    enrolment = rows.filter(pk=run.subject_id, passes_on=True).first()
    if enrolment is not None and settings.XAPI_ENDPOINT:
        found = statements_of(enrolment, upto)
        for start in range(0, len(found), BATCH_MAX):
            _post(found[start : start + BATCH_MAX])
    with run.finish():
        if enrolment is not None:
            Enrolment.objects.filter(pk=enrolment.pk, passed_on_at__lt=upto).update(passed_on_at=upto)


def give_up(subject_id: str, reason: str) -> None:
    logger.warning("xAPI: enrolment %s not told, and asked again: %s", subject_id, reason)


def statements_of(enrolment: Enrolment, upto: datetime) -> list[Statement]:
    """What one did since it was last told, in order. `enrolment`: with its version."""
    learner, since = learner_of(enrolment), enrolment.passed_on_at
    path = settings.SITE_URL + reverse("trainings:path_show", args=[enrolment.path_id])
    made = []
    watched = WatchedExcerpt.objects.filter(enrolment=enrolment, beat_at__gt=since, beat_at__lte=upto)
    for row in watched.select_related("excerpt__film"):
        excerpt, end_s = row.excerpt, end_of(row.excerpt)
        seen = Watched(
            stretches=[(begin, end) for begin, end in row.stretches],
            at_ms=round(row.position_s * 1000),
            from_ms=round(excerpt.in_s * 1000),
            to_ms=round(end_s * 1000),
            is_whole=is_watched(row.seconds, end_s - excerpt.in_s),
        )
        activity = Activity(f"{path}#extrait-{excerpt.key}", rules.VIDEO_TYPE, excerpt.title)
        made.append(rules.of_excerpt(learner, activity, row.beat_at, seen))
    done = StepProgress.objects.filter(enrolment=enrolment, done_at__gt=since, done_at__lte=upto)
    for progress in done.select_related("step"):
        activity = Activity(f"{path}#etape-{progress.step.key}", rules.STEP_TYPE, progress.step.title)
        # What an activity says of itself is the learner's own word: it is told to nobody.
        percent = progress.percent if progress.step.kind == StepKind.QUIZ else None
        if at := progress.done_at:
            made.append(rules.of_step(learner, activity, at, percent))
    if enrolment.completed_at and since and since < enrolment.completed_at <= upto:
        activity = Activity(path, rules.PATH_TYPE, enrolment.version.title)
        made.append(rules.of_path(learner, activity, enrolment.completed_at))
    return sorted(made, key=lambda one: datetime.fromisoformat(one["timestamp"]))


def learner_of(enrolment: Enrolment) -> Learner:
    """A name that only this platform can lead back to somebody."""
    name = salted_hmac("trainings.xapi", str(enrolment.person_id), algorithm="sha256").hexdigest()[:40]
    return Learner(settings.SITE_URL, name)


def _post(statements: list[Statement]) -> None:
    """Raises: Outside if the store did not take them."""
    url = f"{settings.XAPI_ENDPOINT.rstrip('/')}/statements"
    secret = base64.b64encode(f"{settings.XAPI_KEY}:{settings.XAPI_SECRET}".encode()).decode()
    headers = {
        "Authorization": f"Basic {secret}",
        "Content-Type": "application/json",
        "X-Experience-API-Version": rules.VERSION,
    }
    hosts = [urlsplit(url).netloc.lower()]
    answer = calling.ask("POST", url, hosts=hosts, headers=headers, body=json.dumps(statements).encode())
    if answer.status not in (200, 204, 409):  # 409: it has them already
        logger.warning("xAPI: the store answers %s", answer.status)
        raise Outside(REFUSED)
