"""Celery's names of films: each passes on to the module that does the work."""

from celery import shared_task

from videos import cleaning
from videos.consents import ending


@shared_task
def clean() -> None:
    cleaning.clean()


@shared_task
def end_films() -> None:
    ending.end()
