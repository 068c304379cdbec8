"""Put a new film in the place of an old one."""

from __future__ import annotations

from django.db import transaction

from circo.errors import Refusal
from circo.models import FormDraft, Person
from videos import announcing, queries
from videos.actions.protecting import protect
from videos.consents.rules import Audience
from videos.models import CaptionTrack, CollectionItem, Discussion, Film, FilmState, PracticeSheet


@transaction.atomic
def replace_film(*, film: Film, with_talk: bool, by: Person) -> Film:
    """Put `film`, which its author alone sees so far, in the place of the film that it was deposited to replace.

    It takes the circle of the old film, its places in sheets and collections and, `with_talk`, what was said of it:
    comments, excerpts, chapters and captions, each at the same second; comments that would stand after its end are put
    there, excerpts stay behind. The old film is kept for oneself. Neither observations nor who is absent from the old
    film are taken over: it is another recording.

    Raises: Refusal if either is not one's own, if the new one is not ready, or cannot be shown to so many people.
    """
    mine = Film.objects.editable_by(by).select_for_update(of=("self",)).order_by("pk")
    held = {one.pk: one for one in mine.filter(pk__in=[film.pk, film.replaces_id])}
    new = held.get(film.pk)
    old = held.get(new.replaces_id) if new and new.replaces_id else None
    if new is None or old is None:
        raise Refusal("Il n’y a plus de film à remplacer.")
    if new.state != FilmState.READY:
        raise Refusal("Attendez que le nouveau film soit prêt.")
    if with_talk:
        _move_talk(old, new)
    _move_places(old, new)
    if new.project:
        protect(new, new.project, Audience(min(old.audience, new.project.audience)))
    new.replaces, old.audience = None, Audience.PRIVATE
    for one in (new, old):
        one.save(update_fields=["audience", "replaces"])
    announcing.take_back(old)
    announcing.announce(queries.films(by).get(pk=new.pk))
    return new


def _move_talk(old: Film, new: Film) -> None:
    """Move what was said and made of the old film. What would stand after the end of the new one is moved to it."""
    end = new.duration_s or 0
    Discussion.next_number(new)  # whoever has the page of either film open is told
    last = Discussion.next_number(old)
    Discussion.objects.filter(film=new, last_number__lt=last).update(last_number=last)
    old.moments.filter(ends_at_s__gt=end).update(ends_at_s=None)
    old.moments.filter(at_s__gt=end).update(at_s=end)
    old.moments.update(film=new)
    begun = FormDraft.objects.filter(place=new.drafts_place).order_by()
    FormDraft.objects.filter(place=old.drafts_place).exclude(person__in=begun.values("person")).update(
        place=new.drafts_place
    )
    old.excerpts.filter(out_s__lte=end).update(film=new)
    if not new.chapters.exists():
        old.chapters.filter(at_s__lt=end).update(film=new)
    kept = CaptionTrack.objects.filter(film=new, removed_at=None).order_by()
    old.caption_tracks.filter(removed_at=None).exclude(language__in=kept.values("language")).update(film=new)


def _move_places(old: Film, new: Film) -> None:
    there = CollectionItem.objects.filter(film=new).order_by().values("collection")
    CollectionItem.objects.filter(film=old).exclude(collection__in=there).update(film=new)
    for sheet in PracticeSheet.objects.filter(films=old).order_by("pk"):
        sheet.films.remove(old)
        sheet.films.add(new)
