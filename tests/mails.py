"""Send, in a test, the mails that wait: the workers' part."""

from django.core import mail

from circo import jobs, mailing
from circo.models import Job, JobState


def deliver() -> list:
    """Run each waiting mail job, and return the messages that left."""
    before = len(mail.outbox)
    for pk in Job.objects.filter(kind=mailing.KIND, state=JobState.QUEUED).order_by("pk").values_list("pk", flat=True):
        jobs.run(pk)
    return mail.outbox[before:]
