"""Celery's names of the app: each passes on to the module that does the work."""

from celery import shared_task

from events.days import minding
from events.festival import keeping, moving, picturing


@shared_task
def remind_of_days() -> None:
    minding.remind()


@shared_task
def forget_days() -> None:
    minding.forget()


@shared_task
def mind_festivals() -> None:
    keeping.settle_all()
    moving.tell_late()


@shared_task
def remind_visitors() -> None:
    keeping.remind()


@shared_task
def forget_visitors() -> None:
    keeping.forget()
    picturing.forget_removed()
