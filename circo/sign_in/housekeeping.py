"""What signing in leaves behind, and for how long it stays."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from circo import jobs, mailing
from circo.models import CacheEntry, Invitation, OutgoingMail

MAILS_STAY = timedelta(days=30)  # to whom and when, without the body: enough to answer « je n’ai rien reçu »
INVITATIONS_STAY = timedelta(days=365)


def forget_old() -> None:
    """Delete dead sessions and counters, and the traces of old mails and invitations. Safe to run twice."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    CacheEntry.objects.filter(expires_at__lt=now).delete()
    Invitation.objects.filter(expires_at__lt=now - INVITATIONS_STAY).delete()
    old = Q(sent_at__lt=now - MAILS_STAY) | Q(failed_at__lt=now - MAILS_STAY)
    for pk in list(OutgoingMail.objects.filter(old).order_by("pk").values_list("pk", flat=True)):
        jobs.forget(mailing.KIND, str(pk))
        OutgoingMail.objects.filter(pk=pk).delete()
