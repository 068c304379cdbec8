"""Celery's names of the app: each passes on to the module that does the work."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from networks.groups import dated
from networks.meetings import keeping, reminding
from networks.mentoring import forgetting
from networks.places import forgetting as places
from networks.salons import erasing, telling
from networks.visits import forgetting as visits
from networks.visits import moving


@shared_task(time_limit=300)
def mind_visits() -> None:
    moving.mind()


@shared_task
def purge_salons() -> None:
    while erasing.purge(now=timezone.now()):
        pass


@shared_task
def tell_salons() -> None:
    telling.tell_news(now=timezone.now())


@shared_task
def remind_of_meetings() -> None:
    reminding.remind()


@shared_task
def clean_meetings() -> None:
    keeping.clean()


@shared_task
def follow_group_dates() -> None:
    dated.expire_invitations()
    dated.note_movers()
    dated.note_inspectors()


@shared_task
def forget_mentoring() -> None:
    forgetting.forget_removed()


@shared_task
def forget_passed() -> None:
    before = timezone.now() - timedelta(days=settings.PASSED_KEPT_DAYS)
    keeping.forget_passed(before)
    places.forget_passed(before)
    visits.forget_passed(before)
