"""Celery's names of the ground: each passes on to the module that does the work."""

from celery import shared_task

from circo import jobs


@shared_task(name=jobs.TASK_NAME)
def run_job(*, job_id: int) -> None:
    jobs.run(job_id)


@shared_task
def sweep_jobs() -> None:
    jobs.sweep()
