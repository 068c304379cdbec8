"""What goes with a person, and what goes with time: the words and documents of messages. The thread stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circo import mentions
from circo.models import Person
from circo.personal.queries import names_of
from networks.models import Post, PostFile, PostReaction, PostReport, Quote, Salon
from networks.salons import keeping, rules

BATCH = 500  # messages


@transaction.atomic
def erase(person: Person) -> None:
    """Erase the words, quotes, documents and reactions of a person in all salons; the places of the messages stay."""
    mine = Post.objects.filter(author=person)
    salon_ids = mine.order_by().values_list("salon_id", flat=True).distinct()
    for salon in Salon.objects.filter(pk__in=list(salon_ids)).order_by("pk").select_for_update(of=("self",)):
        _empty_in(salon, mine.filter(salon=salon))
    _empty(mine)
    PostReaction.objects.filter(person=person).delete()
    PostReport.objects.filter(reporter=person).update(word="")
    names = names_of(person)
    for post in Post.objects.filter(mentioned=person).order_by("pk"):
        others = [str(one) for one in post.mentioned.exclude(pk=person.pk)]
        Post.objects.filter(pk=post.pk).update(text=mentions.unnamed(post.text, names, others))


def _empty_in(salon: Salon, posts: QuerySet[Post]) -> None:
    """Tell the open pages that these messages are gone: each takes a number of the salon."""
    changed = list(posts.order_by("seq"))
    for post in changed:
        salon.last_seq += 1
        post.changed_seq, post.removed_at, post.pinned_at = salon.last_seq, post.removed_at or timezone.now(), None
    Post.objects.bulk_update(changed, ["changed_seq", "removed_at", "pinned_at"], batch_size=BATCH)
    salon.save(update_fields=["last_seq"])


def _empty(posts: QuerySet[Post]) -> None:
    ids = list(posts.order_by().values_list("pk", flat=True))
    keeping.discard(list(PostFile.objects.filter(post__in=ids)))
    Quote.objects.filter(post__in=ids).delete()
    Post.objects.filter(pk__in=ids).update(text="", hidden_reason="")
    Post.mentioned.through.objects.filter(post__in=ids).delete()


@transaction.atomic
def purge(*, now: datetime) -> int:
    """Empty the messages that were removed long enough ago, and return how many. Safe to run twice."""
    old = Post.objects.filter(removed_at__lt=now - rules.PURGED_AFTER)
    left = old.exclude(text="") | old.filter(files__isnull=False) | old.filter(quotes__isnull=False)
    ids = list(left.order_by("pk").values_list("pk", flat=True).distinct()[:BATCH])
    _empty(Post.objects.filter(pk__in=ids))
    return len(ids)
