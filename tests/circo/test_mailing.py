"""Mails: asked for once, sent by a worker, tried again, and forgotten."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from circo import mailing
from circo.models import Job, JobState, OutgoingMail
from tests.mails import deliver


class SilentServer(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected("bye")


class RefusingServer(EmailBackend):
    """A mail server that knows no such address."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"a@ecole.test": (550, b"unknown")})


def ask(key="one", **words):
    words = {"to": "a@ecole.test", "subject": "Bonjour", "text": "le lien secret"} | words
    return mailing.queue_text(key=key, **words)


@pytest.mark.django_db
def test_mail_asked_twice_leaves_once_and_its_body_is_forgotten():
    ask()
    ask()
    (message,) = deliver()
    assert (message.to, message.body) == (["a@ecole.test"], "le lien secret")
    assert deliver() == []
    row = OutgoingMail.objects.get()
    assert row.sent_at
    assert (row.text, row.html) == ("", "")
    with pytest.raises(IntegrityError), transaction.atomic():  # the database itself keeps no body of a sent mail
        OutgoingMail.objects.update(text="le lien secret")


@pytest.mark.django_db
def test_mail_of_a_rolled_back_action_never_leaves():
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert deliver() == []


@pytest.mark.django_db
def test_subject_cannot_add_a_header():
    ask(subject="Bonjour\r\nBcc: voleur@exemple.test")
    (message,) = deliver()
    assert message.message()["Bcc"] is None
    assert message.message()["Message-ID"]


@pytest.mark.django_db
def test_silent_server_is_tried_again(settings):
    good = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.SilentServer"}}
    ask()
    deliver()
    job = Job.objects.get()
    assert (job.state, job.error) == (JobState.QUEUED, "Le serveur de courrier ne répond pas.")
    assert OutgoingMail.objects.get().text  # kept for the next attempt
    settings.MAILERS = good
    Job.objects.update(not_before=None)
    assert len(deliver()) == 1


@pytest.mark.django_db
def test_refused_address_is_given_up_at_once(settings):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingServer"}}
    ask()
    deliver()
    row = OutgoingMail.objects.get()
    assert (Job.objects.get().state, row.failure, row.text) == (
        JobState.FAILED,
        "Le serveur de courrier refuse cette adresse.",
        "",
    )
