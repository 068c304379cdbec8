"""Reads of salons: their list, their messages from one number to another, who is in them, what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from circo.models import Person, Posting
from circo.models.folding import words_of
from circo.registries import Found
from circo.rules import Role, number_in
from circo.search import matching
from networks.groups.queries import adviser_of
from networks.models import Membership, MutualisationGroup, Post, PostReaction, PostReport, Quote, Salon, SalonReading
from networks.salons import rules

READ_WITH = ("group__network__district", "network__district", "district", "departement")


def salons(person: Person) -> QuerySet[Salon]:
    """The salons that the person enters, with all that their pages read."""
    return Salon.objects.visible_to(person).select_related(*READ_WITH)


def salon_list(person: Person, *, archived: bool = False) -> QuerySet[Salon]:
    """The salons that the person enters, the liveliest first, each with `read_seq`: how far that person has read it."""
    mine = SalonReading.objects.visible_to(person).filter(salon=OuterRef("pk")).values("read_seq")[:1]
    rows = salons(person).filter(archived_at__isnull=not archived)
    rows = rows.annotate(read_seq=Coalesce(Subquery(mine), Value(0)))
    return rows.order_by(F("last_post_at").desc(nulls_last=True), "title", "pk").fetch_mode(models.FETCH_RAISE)


def unread_in(person: Person, listed: Iterable[Any]) -> dict[int, int]:
    """How many messages of others one has not read in each of these salons (of `salon_list`), in one query for all.

    Bound: counted among the last `rules.UNREAD_LOOKED_AT` changes, and so right up to `rules.UNREAD_SHOWN`.
    """
    floors = {salon.pk: max(salon.read_seq, salon.last_seq - rules.UNREAD_LOOKED_AT) for salon in listed}
    behind = [Q(salon_id=salon.pk, seq__gt=floors[salon.pk]) for salon in listed if salon.last_seq > floors[salon.pk]]
    if not behind:
        return {}
    news = Post.objects.shown().filter(Q(*behind, _connector=Q.OR)).exclude(author_id=person.pk).order_by()
    return dict(news.values_list("salon_id").annotate(Count("pk")))


def salons_of_group(person: Person, group_id: int) -> list[tuple[Salon, str]]:
    """The open salons of a group and what is unread in each, for its page; none for who does not enter them."""
    listed = list(salon_list(person).filter(group_id=group_id)[: rules.SALONS_OF_A_GROUP_MAX])
    unread = unread_in(person, listed)
    return [(salon, rules.unread_label(unread.get(salon.pk, 0))) for salon in listed]


def read_seq(salon: Salon, person: Person) -> int:
    """How far a person has read a salon."""
    mine = SalonReading.objects.visible_to(person).filter(salon=salon).values_list("read_seq", flat=True)
    return mine.first() or 0


def posts(rows: QuerySet[Post]) -> QuerySet[Post]:
    """These messages with all that is drawn of them."""
    reactions = PostReaction.objects.select_related("person").order_by("pk")
    return (
        rows.select_related("author", "parent__author")
        .prefetch_related("files", Prefetch("quotes", Quote.objects.order_by("pk")), Prefetch("reactions", reactions))
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class Stretch:
    """A stretch of a salon's messages, in their order."""

    posts: list[Post] = field(default_factory=list)
    has_older: bool = False
    has_newer: bool = False

    @property
    def first(self) -> int:
        return self.posts[0].seq if self.posts else 0

    @property
    def last(self) -> int:
        return self.posts[-1].seq if self.posts else 0


def stretch(salon: Salon, *, before: int | None = None, after: int | None = None) -> Stretch:
    """One page of a salon: the last one, the one before a number, or the one after it. By number, never by offset."""
    rows = posts(Post.objects.filter(salon=salon))
    if after is not None:
        found = list(rows.filter(seq__gt=after).order_by("seq")[: rules.A_PAGE + 1])
        kept = found[: rules.A_PAGE]
        return Stretch(kept, has_older=after > 0, has_newer=len(found) > len(kept))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: rules.A_PAGE + 1])
    kept = found[: rules.A_PAGE][::-1]
    return Stretch(kept, has_older=len(found) > len(kept), has_newer=before is not None)


def changed_since(salon_id: int, since: int) -> list[Post]:
    """The messages that have changed after a number, in the order of their changes; some, if there are many."""
    rows = Post.objects.filter(salon_id=salon_id, changed_seq__gt=since).order_by("changed_seq")
    return list(posts(rows)[: rules.A_CATCH_UP])


def pinned(salon: Salon) -> list[Post]:
    rows = Post.objects.shown().filter(salon=salon, pinned_at__isnull=False)
    return list(posts(rows).order_by("-pinned_at", "-pk")[: rules.PINS_MAX])


def thread(post: Post) -> list[Post]:
    """The answers to a message, the last ones if there are many, in their order."""
    rows = posts(Post.objects.filter(parent=post)).order_by("-seq")
    return list(rows[: rules.A_CATCH_UP])[::-1]


def unread_count(salon: Salon, person: Person, read: int) -> int:
    """How many messages of others one has not read, among the last changes."""
    floor = max(read, salon.last_seq - rules.UNREAD_LOOKED_AT)
    return Post.objects.shown().filter(salon=salon, seq__gt=floor).exclude(author_id=person.pk).count()


def found_in(salon: Salon, text: str) -> QuerySet[Post]:
    """The messages of a salon that hold all these words, the newest first. What is quoted is not looked into."""
    rows = Post.objects.shown().filter(salon=salon)
    words = words_of(text)
    for word in words:
        rows = rows.filter(folded__contains=word)
    rows = rows if words else rows.none()
    return rows.select_related("author").order_by("-seq").fetch_mode(models.FETCH_RAISE)


def search_salons(person: Person, text: str, most: int) -> list[Found]:
    """The salons that the person enters and whose title holds these words."""
    found = matching(salons(person), ("folded",), text, most)
    return [Found(row.title, row.place, reverse("networks:salon_page", args=[row.pk])) for row in found]


# --- Who is in a room: the same set as `Salon.objects.visible_to`, read from the other side ---------------------------
def people_of(salon: Salon) -> QuerySet[Person]:
    """Everybody who enters a salon at this moment; the salon comes with `READ_WITH`."""
    if salon.group is not None:
        return Person.objects.filter(_circle(salon.group), is_active=True)
    return Person.objects.filter(pk__in=_working(_district_ids(salon)), is_active=True, is_superuser=False)


def _circle(group: MutualisationGroup) -> Q:
    members = Membership.objects.in_force().filter(group=group).order_by().values("person_id")
    return Q(pk__in=members) | adviser_of(group)


def _working(district_ids: Collection[int] | QuerySet) -> QuerySet:
    here = Q(school__district__in=district_ids) | Q(district__in=district_ids)
    return Posting.objects.in_force(timezone.localdate()).filter(here).order_by().values("person_id")


def _district_ids(salon: Salon) -> Collection[int] | QuerySet:
    if salon.network is not None:
        return [salon.network.district_id]
    if salon.district_id is not None:
        return [salon.district_id]
    return salon.openings.order_by().values("district_id")


def hearers(salon_id: int, person_ids: Collection[int]) -> set[int]:
    """Which of these people may hear a salon at this moment, in one query for the room and one for them."""
    salon = Salon.objects.select_related(*READ_WITH).filter(pk=salon_id).first()
    if salon is None:
        return set()
    return set(people_of(salon).filter(pk__in=person_ids).order_by().values_list("pk", flat=True))


def moderators_for(salon: Salon, post: Post) -> QuerySet[Person]:
    """Who decides on a report about this message: the adviser of the group, else advisers of the district, who then
    read that message alone; the team of the district for its own rooms. Never who wrote it."""
    posted = Posting.objects.in_force(timezone.localdate()).order_by()
    author = Q(pk=post.author_id) if post.author_id else Q(pk__in=[])
    if salon.group is None:
        team = posted.filter(district__in=_district_ids(salon), role__in=rules.MODERATORS)
        return people_of(salon).filter(pk__in=team.values("person_id")).exclude(author)
    own = people_of(salon).filter(pk=salon.group.adviser_id or 0).exclude(author)
    if own.exists():
        return own
    advisers = posted.filter(district=salon.group.network.district_id, role=Role.ADVISER)
    return Person.objects.filter(pk__in=advisers.values("person_id"), is_active=True).exclude(author)


def quotes_of(person: Person, salon: Salon, ids: Collection[int]) -> QuerySet[Quote]:
    """Those of these quotes that stand in messages that the person reads."""
    readable = Post.objects.visible_to(person).shown().filter(salon=salon).order_by()
    return Quote.objects.filter(pk__in=ids, post__in=readable.values("pk")).order_by("pk")


# --- Moderation ------------------------------------------------------------------------------------------------------
def reports(person: Person) -> QuerySet[PostReport]:
    """The reports that the person decides on, those that wait first."""
    rows = PostReport.objects.visible_to(person).select_related("post__salon", "post__author", "reporter", "decided_by")
    waits = models.Case(models.When(decision="", then=0), default=1)
    return rows.order_by(waits, "-created_at", "-pk").fetch_mode(models.FETCH_RAISE)


def asked_stretch(salon: Salon, asked: Mapping[str, str]) -> Stretch:
    """The stretch that an address asks for: `avant`, `apres`, `autour` a number; else the last one."""
    before, after, around = (number_in(asked.get(name)) for name in ("avant", "apres", "autour"))
    if around is not None:
        return stretch(salon, after=max(around - rules.A_PAGE // 2, 0))
    return stretch(salon, before=before, after=after)
