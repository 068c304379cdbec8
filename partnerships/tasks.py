"""Celery's names of the app: each passes on to the module that does the work."""

from celery import shared_task

from partnerships.observations import lapsing
from partnerships.proposals import keeping


@shared_task
def forget_proposals() -> None:
    keeping.forget_old()


@shared_task
def mind_observations() -> None:
    lapsing.mind()
