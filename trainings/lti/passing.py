"""Tell other platforms how far their learners are, and ask them how many they are: in the background, again and again
while they are away."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from circo import jobs
from trainings.lti import rules, services
from trainings.lti.rules import Progress
from trainings.models import Enrolment, LtiCourse, LtiResult

logger = logging.getLogger(__name__)

SCORE, MEMBERS = "lti-score", "lti-members"
TRIES = 6  # over some minutes; then once an hour: see `ask_again`
ASKED_FOR = timedelta(days=30)  # after that, a platform that never answered is left alone
COUNTED_EVERY = timedelta(days=1)


def progress_of(enrolment: Enrolment | None) -> Progress:
    if enrolment is None:
        return Progress.NOTHING
    return Progress.COMPLETED if enrolment.completed_at else Progress.IN_PROGRESS


def tell(enrolment: Enrolment) -> None:
    """Ask that the platforms from which a learner came are told how far one is, if they do not know it yet."""
    rows = LtiResult.objects.filter(link__person=enrolment.person_id, course__path=enrolment.path_id)
    for pk in rows.exclude(line_item="").exclude(sent=progress_of(enrolment)).values_list("pk", flat=True):
        jobs.ask(SCORE, str(pk))


def count(course: LtiCourse) -> None:
    """Ask anew how many members a course has, once a day."""
    is_due = course.counted_at is None or course.counted_at < timezone.now() - COUNTED_EVERY
    if course.members_url and is_due:
        jobs.ask(MEMBERS, str(course.pk))


def send(run: jobs.Run) -> None:
    """The work of one result: send what is true now, whatever was asked when."""
    rows = LtiResult.objects.select_related("link", "course__platform")
    result = rows.filter(pk=run.subject_id, course__platform__is_active=True).exclude(line_item="").first()
    told = Progress.NOTHING
    if result is not None:
        enrolment = Enrolment.objects.filter(person=result.link.person_id, path=result.course.path_id).first()
        told = progress_of(enrolment)
        if told not in (Progress.NOTHING, result.sent):
            score = rules.score(result.link.subject, told, timezone.now().isoformat())
            services.send_score(result.course.platform, result.line_item, score)
    with run.finish():
        if told:
            LtiResult.objects.filter(pk=run.subject_id).update(sent=told, sent_at=timezone.now())


def count_members(run: jobs.Run) -> None:
    """The work of one course: its number of learners, and nothing else of them."""
    course = LtiCourse.objects.select_related("platform").filter(pk=run.subject_id, platform__is_active=True).first()
    found = services.count_learners(course.platform, course.members_url) if course and course.members_url else None
    with run.finish():
        LtiCourse.objects.filter(pk=run.subject_id).update(members=found, counted_at=timezone.now())


def give_up(subject_id: str, reason: str) -> None:
    logger.warning("LTI: nobody told, %s: %s", subject_id, reason)


def ask_again() -> int:
    """Queue once more what no platform took yet; it went wrong some minutes long, or nobody heard the bell."""
    mine = Enrolment.objects.filter(person=OuterRef("link__person"), path=OuterRef("course__path"))
    rows = LtiResult.objects.exclude(line_item="").filter(course__platform__is_active=True)
    rows = rows.annotate(
        moved_at=Subquery(mine.values("seen_at")[:1]), completed_at=Subquery(mine.values("completed_at")[:1])
    ).filter(moved_at__gte=timezone.now() - ASKED_FOR)
    behind = Q(sent=Progress.NOTHING) | Q(completed_at__isnull=False, sent=Progress.IN_PROGRESS)
    waiting = list(rows.filter(behind).order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        jobs.ask(SCORE, str(pk))
    return len(waiting)
