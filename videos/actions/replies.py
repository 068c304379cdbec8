"""Answer a comment, in the circle that reads it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo import mentions, notices
from circo.errors import Refusal
from circo.models import Person
from videos import queries
from videos.actions.moments import ENOUGH, address, check_pace, ring
from videos.actions.owned import check_count
from videos.discussion import rules
from videos.models import Discussion, Moment, Reply
from videos.rules import MOMENTS_OF_ONE_MAX


@transaction.atomic
def reply(*, moment: Moment, text: str, by: Person, circle: str = "") -> Reply:
    """Answer a comment that one reads, and tell those who talk under it, its author, and whoever is mentioned.

    `circle` is the one that the page showed, if it says so: nobody answers a few and is read by many.

    Raises: Refusal if `by` does not read the moment, if its circle is another by now, or if there is no text.
    """
    moment = _read(moment, by)
    if circle and circle != moment.circle:
        raise Refusal("Ce commentaire a changé de cercle\u00a0: relisez qui le lit, puis publiez votre réponse.")
    check_count(Reply.objects.filter(moment__film_id=moment.film_id, author=by), MOMENTS_OF_ONE_MAX, ENOUGH)
    check_pace(by)
    written = moment.replies.create(author=by, text=rules.checked(text))
    _note_change(moment)
    _tell(written, moment)
    return written


def _read(moment: Moment, by: Person) -> Moment:
    fresh = queries.moments(by).select_for_update(of=("self",)).filter(pk=moment.pk).first()
    if fresh is None:
        raise Refusal("Ce commentaire n’est plus là.")
    return fresh


def _note_change(moment: Moment) -> None:
    moment.number = Discussion.next_number(moment.film)
    moment.save(update_fields=["number"])
    ring(moment.film)


@transaction.atomic
def edit_reply(*, reply: Reply, text: str, by: Person) -> Reply:
    """Change one's own reply.

    Raises: Refusal if it is not one's own, or if there is no text.
    """
    moment = _own_reply(reply, by)
    text = rules.checked(text)
    if text != reply.text:
        reply.text, reply.edited_at = text, timezone.now()
        reply.save(update_fields=["text", "edited_at"])
        _note_change(moment)
        _tell(reply, moment)
    return reply


def _own_reply(reply: Reply, by: Person) -> Moment:
    if reply.author_id != by.pk:
        raise Refusal("Seule la personne qui a écrit une réponse peut la changer.")
    return _read(reply.moment, by)


@transaction.atomic
def remove_reply(*, reply: Reply, by: Person) -> None:
    """Take one's own reply away; `restore_reply` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    moment = _own_reply(reply, by)
    reply.deleted_at = timezone.now()
    reply.save(update_fields=["deleted_at"])
    _note_change(moment)


@transaction.atomic
def restore_reply(*, reply: Reply, by: Person) -> None:
    """Bring back one's own reply that one has just removed.

    Raises: Refusal if it is not one's own, or if it was removed too long ago.
    """
    if not Reply.objects.restorable_by(by).filter(pk=reply.pk).exists():
        raise Refusal("Cette réponse ne peut plus être remise.")
    reply.deleted_at = None
    reply.save(update_fields=["deleted_at"])
    _note_change(reply.moment)


def _tell(written: Reply, moment: Moment) -> None:
    """Tell whoever talks here and still reads it; who is mentioned is told so, and not twice."""
    by, film = written.author, moment.film
    readers = {one.pk: one for one in queries.readers_of(moment) if one.pk != by.pk}
    named = mentions.mentioned(written.text, {pk: str(one) for pk, one in readers.items()})
    written.mentioned.set(named)
    talking = set(moment.replies.filter(deleted_at__isnull=True).order_by().values_list("author_id", flat=True))
    others = (talking | {moment.author_id, film.author_id}) & readers.keys() - set(named)
    key = f"reply-{written.pk}"
    place = {"text": f"{film.title}, à {moment.timecode}", "path": address(moment)}
    for people, kind, title in (
        (named, queries.FILM_MENTION, f"{by} vous mentionne dans la discussion d’un film"),
        (others, queries.FILM_REPLY, f"{by} a répondu dans la discussion d’un film"),
    ):
        notices.tell_many([readers[pk] for pk in people], kind=kind, key=key, title=title, **place)
