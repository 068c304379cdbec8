"""Comment a film at the second, or on a passage: write, change, settle, remove."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import live, mentions, notices
from circo.errors import Refusal
from circo.models import Person
from videos import queries
from videos.actions import owned
from videos.discussion import rules
from videos.models import Discussion, Film, Moment, MomentCircle, MomentKind, Reply
from videos.rules import MOMENTS_OF_ONE_MAX, WRITTEN_OF_ONE_MAX, WRITTEN_WITHIN, timecode

ENOUGH = "Vous avez déjà beaucoup écrit sur ce film. Complétez l’un de vos commentaires plutôt que d’en ajouter un."


@transaction.atomic
def comment(
    *,
    film: Film,
    at_s: float,
    kind: MomentKind,
    text: str,
    by: Person,
    ends_at_s: float | None = None,
    circle: MomentCircle = MomentCircle.GROUP,
) -> Moment:
    """Write a comment on a film that one watches, and tell its author and whoever it mentions.

    Raises: Refusal if the film is not one that `by` watches, if there is no text, no such second, no such circle.
    """
    film = _watched(film, by)
    _check(film, at_s=at_s, ends_at_s=ends_at_s, circle=circle, by=by)
    owned.check_count(film.moments.filter(author=by), MOMENTS_OF_ONE_MAX, ENOUGH)
    check_pace(by)
    moment = Moment(film=film, author=by, at_s=at_s, ends_at_s=ends_at_s, kind=kind, circle=circle)
    moment.text, moment.number = rules.checked(text), Discussion.next_number(film)
    moment.save()
    _tell_readers(moment)
    ring(film)
    return moment


def check_pace(by: Person) -> None:
    """Refuse to publish once more for who has written so much lately: each time somebody may be told.

    Raises: Refusal.
    """
    lately = {"author": by, "created_at__gt": timezone.now() - WRITTEN_WITHIN}
    if Moment.objects.filter(**lately).count() + Reply.objects.filter(**lately).count() >= WRITTEN_OF_ONE_MAX:
        raise Refusal("Vous avez beaucoup écrit en peu de temps. Publiez ceci dans quelques minutes.")


def _watched(film: Film, by: Person) -> Film:
    found = Film.objects.visible_to(by).watchable().select_related("author", "group__network__district")
    if (fresh := found.filter(pk=film.pk).first()) is None:
        raise Refusal("Ce film ne peut pas être commenté.")
    return fresh


def _check(
    film: Film, *, at_s: float, ends_at_s: float | None, circle: MomentCircle, by: Person, held: str = ""
) -> None:
    rules.check_times(at_s, ends_at_s, duration_s=film.duration_s or 0)
    if circle != held and circle not in queries.circles_offered(film, by):
        raise Refusal("Choisissez qui lit ce commentaire parmi les cercles qui voient le film.")


@transaction.atomic
def edit_moment(
    *,
    moment: Moment,
    at_s: float,
    kind: MomentKind,
    text: str,
    by: Person,
    ends_at_s: float | None = None,
    circle: MomentCircle = MomentCircle.GROUP,
) -> Moment:
    """Change one's own comment. What it says anew is marked as changed, once others may have read it.

    Raises: Refusal if it is not one's own, for what `comment` refuses, and for another circle once somebody answered:
        a reply was written for those who read it then.
    """
    moment = owned.locked(moment, by, "Seule la personne qui a écrit un commentaire peut le changer.")
    moment.film = film = _watched(moment.film, by)
    if timecode(at_s) == moment.timecode:  # a form shows whole seconds: what it did not change keeps its fraction
        at_s = moment.at_s
    _check(film, at_s=at_s, ends_at_s=ends_at_s, circle=circle, by=by, held=moment.circle)
    if circle != moment.circle and moment.replies.exclude(author_id=by.pk).exists():
        raise Refusal("Quelqu’un a déjà répondu dans ce cercle. Pour en changer, écrivez un nouveau commentaire.")
    before = (moment.text, moment.at_s, moment.ends_at_s, moment.kind)
    moment.text, moment.at_s, moment.ends_at_s, moment.kind = rules.checked(text), at_s, ends_at_s, kind
    if not moment.is_private and before != (moment.text, at_s, ends_at_s, kind):
        moment.edited_at = timezone.now()
    moment.circle = circle
    _write(moment, film, "text", "at_s", "ends_at_s", "kind", "circle", "edited_at")
    _tell_readers(moment)
    return moment


def _write(moment: Moment, film: Film, *fields: str) -> None:
    """Save these columns under a new number, and wake whoever reads the discussion."""
    moment.number = Discussion.next_number(film)
    moment.save(update_fields=[*fields, "number"])
    ring(film)


def ring(film: Film) -> None:
    """Wake the pages on which this film's discussion is open; each reads again what it may read."""
    name = f"film-{film.pk}"
    transaction.on_commit(lambda: live.ring(name), robust=True)


@transaction.atomic
def settle_moment(*, moment: Moment, settled: bool, by: Person) -> Moment:
    """Mark a comment as settled, or open it again: its author may, and the film's.

    Raises: Refusal if one is neither.
    """
    if not Moment.objects.settled_by(by).filter(pk=moment.pk).exists():
        raise Refusal("Seule la personne qui a écrit un commentaire, ou déposé le film, le marque réglé.")
    moment.settled_at = timezone.now() if settled else None
    _write(moment, moment.film, "settled_at")
    return moment


@transaction.atomic
def remove_moment(*, moment: Moment, by: Person) -> None:
    """Take one's own comment away; `restore_moment` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    if moment.author_id != by.pk:
        raise Refusal("Seule la personne qui a écrit un commentaire peut le retirer.")
    moment.deleted_at = timezone.now()
    _write(moment, moment.film, "deleted_at")


@transaction.atomic
def restore_moment(*, moment: Moment, by: Person) -> None:
    """Bring back one's own comment that one has just removed.

    Raises: Refusal if it is not one's own, or if it was removed too long ago.
    """
    if not Moment.objects.restorable_by(by).filter(pk=moment.pk).exists():
        raise Refusal("Ce commentaire ne peut plus être remis.")
    moment.deleted_at = None
    _write(moment, moment.film, "deleted_at")


def address(moment: Moment) -> str:
    """Where a moment is read."""
    here = reverse("videos:film_page", args=[moment.film_id], query={"commentaire": moment.pk})
    return f"{here}#moment-{moment.pk}"


def _tell_readers(moment: Moment) -> None:
    """Tell the film's author, and whoever the text mentions, if they read it; nobody twice."""
    by, film = moment.author, moment.film
    readers = {one.pk: one for one in queries.readers_of(moment) if one.pk != by.pk}
    named = mentions.mentioned(moment.text, {pk: str(one) for pk, one in readers.items()})
    moment.mentioned.set(named)
    key, place = f"moment-{moment.pk}", {"text": f"{film.title}, à {moment.timecode}", "path": address(moment)}
    notices.tell_many(
        [readers[pk] for pk in named],
        kind=queries.FILM_MENTION,
        key=key,
        title=f"{by} vous mentionne dans la discussion d’un film",
        **place,
    )
    if film.author_id in readers and film.author_id not in named:
        title = f"{by} a commenté l’un de vos films"
        notices.tell(person=readers[film.author_id], kind=queries.FILM_COMMENTED, key=key, title=title, **place)
