"""Periodic work of trainings: see `CELERY_BEAT_SCHEDULE`."""

from celery import shared_task
from django.utils import timezone

from trainings import documents
from trainings.catalogue import forgetting
from trainings.learning import reminding
from trainings.lti import keys, passing
from trainings.transfers import running as transfers
from trainings.xapi import passing as xapi


@shared_task
def remind_learners() -> int:
    """Remind each learner on the day of the week that one chose."""
    return reminding.remind(timezone.localdate())


@shared_task
def sweep_paths() -> int:
    """Forget what was taken out of paths, the documents that no step holds any more, the words that were taken away."""
    return forgetting.sweep() + documents.sweep()


@shared_task
def mind_platforms() -> int:
    """Renew our keys, and tell other platforms what they did not take yet."""
    keys.rotate()
    return passing.ask_again()


@shared_task
def purge_transfers() -> None:
    """Forget the packages and the courses of last week."""
    transfers.purge()


@shared_task
def tell_xapi() -> int:
    """Tell the store what learners who agreed to it have done since."""
    return xapi.ask()
