"""Comments at the second, their replies, and what somebody has not finished writing."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Count, Max, Prefetch, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from circo.models import Person
from networks.models import MutualisationGroup
from videos.models import Film, Moment, MomentCircle, Reply


def _is(**condition: Any) -> models.ExpressionWrapper:
    return models.ExpressionWrapper(Q(**condition), output_field=models.BooleanField())


def restorable_moments(person: Person) -> models.QuerySet[Moment]:
    """The comments that a person has just removed, with their film."""
    rows = Moment.objects.restorable_by(person).select_related("film")
    return rows.fetch_mode(models.FETCH_RAISE)


def restorable_replies(person: Person) -> models.QuerySet[Reply]:
    """The replies that a person has just removed, with their moment."""
    rows = Reply.objects.restorable_by(person).select_related("moment__film__group__network__district")
    return rows.fetch_mode(models.FETCH_RAISE)


def moments(person: Person) -> models.QuerySet[Moment]:
    """The comments that a person reads, with their author, their film and its group, and `is_mine`."""
    return _told(Moment.objects.visible_to(person), person)


def moments_of(film_id: Any, person: Person) -> models.QuerySet[Moment]:
    """The same, of a film that the caller has just narrowed to those that this person watches.

    To ask the gate again is to list every film that this person watches, at each look of each open page.
    """
    return _told(Moment.objects.in_circle_of(person).filter(film_id=film_id), person)


def _told(rows: models.QuerySet[Moment], person: Person) -> models.QuerySet[Moment]:
    return (
        rows.select_related("author", "film__group__network__district")
        .annotate(is_mine=_is(author_id=person.pk), of_my_film=_is(film__author_id=person.pk))
        .fetch_mode(models.FETCH_RAISE)
    )


def replies(person: Person) -> models.QuerySet[Reply]:
    """The replies that a person reads, with their author, their moment and its film, and `is_mine`."""
    return (
        Reply.objects.visible_to(person)
        .select_related("author", "moment__film__group__network__district")
        .annotate(is_mine=_is(author_id=person.pk))
        .fetch_mode(models.FETCH_RAISE)
    )


def with_replies(rows: models.QuerySet[Moment], person: Person) -> models.QuerySet[Moment]:
    """Each moment of `rows` (of `moments(person)`) with `said`, its replies in the order of writing."""
    said = (
        Reply.objects.filter(deleted_at__isnull=True)
        .select_related("author")
        .annotate(is_mine=_is(author_id=person.pk))
        .fetch_mode(models.FETCH_RAISE)
    )
    return rows.prefetch_related(Prefetch("replies", said, to_attr="said"))


def all_moments(film: Film, person: Person) -> list[Moment]:
    """All that a person reads of a film's discussion, in the order of the film, with the replies."""
    return list(with_replies(moments(person).filter(film_id=film.pk), person))


def state_of_discussion(film_id: Any, person: Person) -> str | None:
    """What tells that something which this person reads has changed; None if the film is not for this person.

    A change that this person may not read changes nothing of it.
    """
    if not Film.objects.visible_to(person).watchable().filter(pk=film_id).exists():
        return None
    found = moments_of(film_id, person).aggregate(last=Max("number"), count=Count("pk"))
    return state_text(film_id, found["last"] or 0, found["count"])


def state_text(film_id: Any, last: int, count: int) -> str:
    """Name the last change among what one reads, and how much one reads.

    The rank itself is told to nobody: its gaps would count the changes of what one does not read.
    """
    return salted_hmac("videos.discussion", f"{film_id}:{last}:{count}", algorithm="sha256").hexdigest()[:16]


_READ_BY_THE_GROUP = (MomentCircle.GROUP, MomentCircle.NETWORK, MomentCircle.DISTRICT)


def activity(group: MutualisationGroup, since: date) -> dict[int, date]:
    """The last day on which each one said something that the whole group reads, of a film of the group.

    That they did, never what; neither private notes nor what two people say to each other.
    Bound: two queries.
    """
    start = timezone.make_aware(datetime.combine(since, time.min))
    films = Film.objects.shared().filter(group=group).order_by().values("pk")
    read = Moment.objects.filter(film__in=films, circle__in=_READ_BY_THE_GROUP, deleted_at=None).order_by()
    replies = Reply.objects.under(read).order_by()
    found: dict[int, date] = {}
    for rows in (read, replies):
        lately = rows.filter(created_at__gte=start).values_list("author_id").annotate(last=Max("created_at"))
        for person_id, last in lately:
            day = timezone.localdate(last)
            found[person_id] = max(day, found.get(person_id, day))
    return found
