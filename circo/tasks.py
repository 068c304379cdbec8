"""Celery's names of the ground: each passes on to the module that does the work."""

from celery import shared_task
from django.utils import timezone

from circo import jobs, notice_mails, notices
from circo.documents import batches
from circo.drafts import purging
from circo.hours import removing
from circo.imports import running
from circo.personal import exporting
from circo.sign_in import housekeeping


@shared_task(name=jobs.TASK_NAME)
def run_job(*, job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name=jobs.NEXT_TASK_NAME)
def run_next_job(*, queue: str) -> None:
    if jobs.run_next(queue):
        jobs.ring_on(queue)


@shared_task
def sweep_jobs() -> None:
    jobs.sweep()


@shared_task(name=notices.MAIL_TASK)
def mail_notices() -> None:
    notice_mails.mail_at_once(now=timezone.now())


@shared_task
def forget_old_visits() -> None:
    housekeeping.forget_old()


@shared_task
def purge_imports() -> None:
    running.purge()


@shared_task
def purge_documents() -> None:
    batches.purge()


@shared_task
def purge_exports() -> None:
    exporting.purge()


@shared_task
def purge_service_logs() -> None:
    removing.purge(now=timezone.now())


@shared_task
def purge_drafts() -> None:
    purging.purge(now=timezone.now())


@shared_task
def mail_digests() -> None:
    notice_mails.mail_digests(now=timezone.now())
