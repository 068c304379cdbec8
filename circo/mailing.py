"""Mails: asked for in the transaction of the action, sent by a worker, tried again while the mail server is away.

A mail can leave twice if the worker dies between the server's yes and our note of it; its Message-ID, made from its
key, stays the same, so that a mail reader shows it once.
"""

from __future__ import annotations

import hashlib
from email.policy import Policy
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.template import Context, TemplateDoesNotExist, engines
from django.template.loader import render_to_string

from circo import jobs
from circo.errors import Outside, Refusal
from circo.models import OutgoingMail

KIND = "mail"
MAX_ATTEMPTS = 40  # with the growing pause of jobs: about three hours of a silent mail server


class UnfoldedHeader(str):
    """A link in a header, in one line: Python would write a long one in pieces that no mail reader takes for a link."""

    name = "List-Unsubscribe"  # a value that has a name is stored as it is by `email.policy`

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {' '.join(self.split())}{policy.linesep}"


def queue_mail(
    *, key: str, to: str, subject: str, template: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> OutgoingMail:
    """Ask for a mail made of `templates/mails/<template>.txt` and, if it exists, `.html`; the same key asks once.

    The templates also receive `platform` (its name, its contact), `site_url` (no final slash) and `subject`.
    """
    whole = {"platform": settings.PLATFORM, "site_url": settings.SITE_URL, "subject": subject, **context}
    return queue_text(
        key=key,
        to=to,
        subject=subject,
        text=plain(f"mails/{template}.txt", whole),
        html=_page(f"mails/{template}.html", whole),
        headers=headers,
    )


def queue_text(
    *, key: str, to: str, subject: str, text: str, html: str = "", headers: dict[str, str] | None = None
) -> OutgoingMail:
    """Ask for a mail whose words are ready; the same key asks once."""
    subject = " ".join(subject.splitlines()).strip()  # a line break would be another header
    mail, created = OutgoingMail.objects.get_or_create(
        key=key, defaults={"to": to, "subject": subject, "text": text, "html": html, "headers": headers or {}}
    )
    if created:
        jobs.ask(KIND, str(mail.pk))
    return mail


def send(run: jobs.Run) -> None:
    """Give the mail to the mail server, then forget its body.

    Raises: Refusal if the server refuses the address; Outside if it does not answer.
    """
    mail = OutgoingMail.objects.get(pk=run.subject_id)
    if mail.sent_at is None:
        _deliver(mail)
    with run.finish():
        OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=Now(), text="", html="", headers={})


def give_up(mail_id: str, reason: str) -> None:
    """Note that nobody will try again, and forget the body."""
    OutgoingMail.objects.filter(pk=mail_id).update(failed_at=Now(), failure=reason[:300], text="", html="", headers={})


def _deliver(mail: OutgoingMail) -> None:
    digest = hashlib.sha256(f"{settings.SECRET_KEY}{mail.key}".encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{digest}@partages>", "Auto-Submitted": "auto-generated", **mail.headers}
    if url := mail.headers.get("List-Unsubscribe"):
        headers["List-Unsubscribe"] = UnfoldedHeader(url)
    message = EmailMultiAlternatives(mail.subject, mail.text, None, [mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send(using="default")
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if codes and min(codes) >= 500:
            raise Refusal("Le serveur de courrier refuse cette adresse.") from error
        raise Outside("Le serveur de courrier refuse cette adresse pour le moment.") from error
    except (SMTPException, OSError) as error:
        raise Outside("Le serveur de courrier ne répond pas.") from error


def plain(name: str, context: dict[str, Any]) -> str:
    """Render a plain text: nothing is escaped there, since no reader takes it for HTML."""
    template = engines["django"].engine.get_template(name)  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=False)).strip() + "\n"


def _page(name: str, context: dict[str, Any]) -> str:
    try:
        return render_to_string(name, context)
    except TemplateDoesNotExist as missing:
        if missing.args and missing.args[0] != name:  # a piece of the page is missing, not the page
            raise
        return ""
