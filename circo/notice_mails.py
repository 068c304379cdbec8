"""The e-mails of notices, made by a worker: at once, or one digest a day. Run twice, or by two workers, they go once.

What is mailed: our sentence and the way to the page. The words that somebody typed stay on the portal.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from circo import rules, unsubscribing
from circo.dates import day_in_words
from circo.mailing import queue_mail
from circo.models import Delivery, Notice, Person, Posting
from circo.models.notices import NoticeQuerySet
from circo.notices import kind_named

DIGEST_HOUR = 7  # local time
STALE_AFTER = timedelta(days=7)  # news that nobody could be sent for a week are only on the portal
MOST_PER_KIND = 10  # lines of one section; the portal has the others


def digest_closing(now: datetime) -> datetime:
    """Return the last past 7:00, local time: the digest of a day holds what was told before it, whenever it is made."""
    local = timezone.localtime(now)
    today = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if local >= today else today - timedelta(days=1)


def mail_at_once(*, now: datetime) -> int:
    """Queue the e-mails of what is to be known at once: one per person and kind. Return how many."""
    waiting = _waiting(Delivery.AT_ONCE, before=now, now=now)
    pairs = waiting.order_by("person_id", "kind").values_list("person_id", "kind").distinct()
    return sum(_mail(waiting.filter(person_id=pk, kind=kind), subscription=kind, now=now) for pk, kind in list(pairs))


def mail_digests(*, now: datetime) -> int:
    """Queue the digest of each person who has one today and has not had it yet. Return how many."""
    closing = digest_closing(now)
    had = Notice.objects.filter(delivery=Delivery.DAILY, mailed_at__gte=closing).values("person_id")
    waiting = _waiting(Delivery.DAILY, before=closing, now=now).exclude(person_id__in=had)
    people = waiting.order_by("person_id").values_list("person_id", flat=True).distinct()
    return sum(_mail(waiting.filter(person_id=pk), subscription=unsubscribing.DIGEST, now=now) for pk in list(people))


def _waiting(delivery: Delivery, *, before: datetime, now: datetime) -> NoticeQuerySet:
    """What waits for its e-mail, of people who still work here."""
    posted = Posting.objects.in_force(timezone.localdate(now)).values("person_id")
    here = Person.objects.filter(Q(is_superuser=True) | Q(pk__in=posted), is_active=True)
    fresh = Notice.objects.to_mail(delivery, before).filter(created_at__gte=now - STALE_AFTER)
    return fresh.filter(person__in=here.values("pk"))


@transaction.atomic
def _mail(waiting: NoticeQuerySet, *, subscription: str, now: datetime) -> bool:
    """Take these notices, all of one person, and queue one e-mail of them; False if another worker took them."""
    locked = waiting.select_for_update(of=("self",)).select_related("person").order_by("kind", "-created_at", "-pk")
    notices = list(locked)  # the second of two workers waits here, then finds nothing
    if not notices:
        return False
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
    person = notices[0].person
    stop = settings.SITE_URL + reverse("portal:unsubscribe", args=[unsubscribing.token(person, subscription)])
    queue_mail(
        key=f"notices-{max(notice.pk for notice in notices)}",
        to=person.email,
        subject=_subject(notices, subscription, now),
        template="notices",
        context={"person": person, "sections": _sections(notices), "count": len(notices), "stop": stop}
        | {"is_digest": subscription == unsubscribing.DIGEST},
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    return True


def _subject(notices: list[Notice], subscription: str, now: datetime) -> str:
    if subscription == unsubscribing.DIGEST:
        today = timezone.localdate(now)
        return f"Votre résumé du {rules.DAYS[today.weekday()]} {day_in_words(today, today)}"
    return notices[0].title if len(notices) == 1 else f"{len(notices)} nouvelles sur {settings.PLATFORM['name']}"


def _sections(notices: list[Notice]) -> list[dict[str, Any]]:
    """The notices under the label of their kind, a bounded number of each."""
    sections = []
    for name, rows in groupby(notices, key=lambda notice: notice.kind):
        kind, told = kind_named(name), list(rows)
        lines = [{"title": notice.title, "path": notice.path or reverse("portal:notices")} for notice in told]
        sections.append(
            {"label": kind.label if kind else "Autres nouvelles", "lines": lines[:MOST_PER_KIND]}
            | {"others": max(0, len(lines) - MOST_PER_KIND)}
        )
    return sections
